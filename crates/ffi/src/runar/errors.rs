//! The core's errors, which are texts, as errors of the SDK.

use serde_json::Value;

use crate::error::{Code, Error};
use crate::isolate::failure::JsFailure;

pub fn not_started(error: impl std::fmt::Display) -> Error {
    Error::new(Code::StartFailed, format!("The core refused: {error:#}"))
}

pub fn is_not_running(error: &anyhow::Error) -> bool {
    error.to_string().starts_with("Service is not Running")
}

pub fn not_found(path: &str) -> Error {
    Error::new(Code::NotFound, format!("{path}: no service has this action"))
        .with_details(Value::from_iter([("path", path)]))
}

/// The error for callers that cannot get the error object of JavaScript.
pub fn to_public_error(error: anyhow::Error) -> Error {
    match error.downcast::<JsFailure>() {
        Ok(failure) => failure.as_error(),
        Err(error) => from_core_error(error),
    }
}

/// The typed error of a text of the core.
pub fn from_core_error(error: anyhow::Error) -> Error {
    let error = match error.downcast::<Error>() {
        Ok(typed) => return typed,
        Err(error) => error,
    };
    let text = format!("{error:#}");
    let missing = text
        .strip_prefix("No handler found for action: ")
        .or_else(|| text.strip_prefix("No local handler found for topic: "));
    if let Some(topic) = missing {
        let path = topic.split_once(':').map_or(topic, |(_network, path)| path);
        return not_found(path);
    }
    let code = if is_not_running(&error) {
        Code::ServiceNotRunning
    } else if text.starts_with("Failed to parse topic path") {
        Code::InvalidArgument
    } else {
        Code::Action
    };
    Error::new(code, text)
}
