//! A service that JavaScript hosts: its definition and the routes of its actions.

use std::sync::Arc;

use serde::Deserialize;

use super::backend;
use super::route::Route;
use crate::gateway::endpoint::ReachableService;
use crate::runar::adapter::Core;
use crate::runar::service::ServiceEntry;
use crate::runar::services::{RustService, RustServiceConfig};

/// The definition of a service, checked by JavaScript.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceDefinition {
    pub name: String,
    pub path: String,
    pub version: String,
    pub description: String,
    pub actions: Vec<String>,
    /// For a service whose actions are written in Rust; `actions` is empty then.
    pub rust: Option<RustServiceConfig>,
}

pub struct Service {
    pub definition: ServiceDefinition,
    /// In the order of the actions.
    pub routes: Vec<Arc<Route>>,
    /// The service itself, when it is written in Rust.
    pub rust: Option<RustService>,
}

impl Service {
    pub fn entry(&self) -> ServiceEntry {
        let names = self.definition.actions.iter().cloned();
        ServiceEntry {
            name: self.definition.name.clone(),
            path: self.definition.path.clone(),
            version: self.definition.version.clone(),
            description: self.definition.description.clone(),
            actions: names.zip(self.routes.iter().map(Route::handler)).collect(),
        }
    }

    pub fn reachable(&self, core: &Arc<Core>) -> ReachableService {
        let names = self.definition.actions.iter().cloned();
        let endpoints = self.routes.iter().map(|route| backend::action(core, route));
        ReachableService {
            path: self.definition.path.clone(),
            actions: names.zip(endpoints).collect(),
            is_javascript: self.rust.is_none(),
        }
    }
}
