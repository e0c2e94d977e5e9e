//! The replacement of `services` in an addon that is built without the feature of that name: adding
//! a service written in Rust fails.

use std::sync::Arc;

use serde::Deserialize;

use super::adapter::Core;
use super::service::Handler;
use crate::error::{Code, Error, Result};
use crate::gateway::endpoint::Backend;
use crate::value::ArcValue;

#[derive(Deserialize)]
pub struct RustServiceConfig {
    kind: String,
}

/// There is none.
#[derive(Clone)]
pub enum RustService {}

impl RustService {
    pub fn new(
        config: RustServiceConfig,
        _find: impl FnOnce(&str) -> Option<RustService>,
    ) -> Result<Self> {
        Err(Error::new(
            Code::NotBuiltIn,
            format!(
                "{}: this addon was built without the services written in Rust; build it with the \
                 cargo feature `services`, which is on by default",
                config.kind
            ),
        ))
    }

    pub fn repeats_errors_as(&self) -> Option<&'static str> {
        match *self {}
    }

    pub fn actions(&self) -> Vec<(String, Handler)> {
        match *self {}
    }

    pub async fn start(
        &self,
        _core: &Arc<Core>,
        _path: &str,
        _backend: Backend,
    ) -> Result<ArcValue> {
        match *self {}
    }

    pub async fn stop(&self) -> Result<()> {
        match *self {}
    }
}
