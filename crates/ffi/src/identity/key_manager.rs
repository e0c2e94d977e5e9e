//! What all key managers of the core share: their logger, and the error of a failed step.

use std::sync::Arc;

use runar_common::logging::{Component, Logger};
use runar_keys::KeyError;

use crate::error::{Code, Error};

/// The name in log records of keys that no node has yet.
pub const LABEL: &str = "identity";

pub fn logger(label: &str) -> Arc<Logger> {
    Arc::new(Logger::new_root(Component::Keys, label))
}

/// The error of a step that failed on sound keys.
pub fn failed(error: KeyError) -> Error {
    Error::new(Code::Keys, error.to_string())
}
