//! The failure of a JavaScript handler on its way through the core.

use std::fmt;
use std::sync::Arc;

use bytes::BufMut;
use serde_json::Value;

use super::outbox::Outbox;
use crate::call::Outcome;
use crate::error::Error;
use crate::protocol::to_javascript;

/// Callers in the handler's own isolate get the error object itself, which JavaScript keeps for
/// them; all others get the record.
pub struct JsFailure {
    /// The JSON of `Error::to_json` with the cause and the stack.
    record: String,
    /// The error object, while JavaScript keeps it.
    kept: Option<KeptError>,
    is_refusal: bool,
}

/// An error object that an isolate keeps under the number of an invocation.
pub struct KeptError {
    pub isolate: u32,
    pub invocation: u32,
    pub outbox: Arc<Outbox>,
}

impl JsFailure {
    pub fn new(record: String, kept: Option<KeptError>, is_refusal: bool) -> Self {
        Self { record, kept, is_refusal }
    }

    /// Whether the call was refused before the handler ran.
    pub fn is_refusal(&self) -> bool {
        self.is_refusal
    }

    /// The record for another node, with stacks only when the config allows it.
    pub fn for_peer(&self, with_stacks: bool) -> String {
        if with_stacks {
            return self.record.clone();
        }
        let mut record: Value = serde_json::from_str(&self.record).unwrap_or_default();
        let mut part = Some(&mut record);
        while let Some(Value::Object(fields)) = part {
            fields.remove("stack");
            part = fields.get_mut("cause");
        }
        record.to_string()
    }

    /// The failure as an error of Rust.
    pub fn as_error(&self) -> Error {
        Error::from_json(&self.record)
    }

    pub fn outcome_for(mut self, isolate: u32) -> Outcome {
        match self.kept.take_if(|kept| kept.isolate == isolate) {
            Some(kept) => Outcome::Failure(kept.invocation),
            None => Outcome::Error(std::mem::take(&mut self.record)),
        }
    }
}

impl Drop for JsFailure {
    fn drop(&mut self) {
        // No caller will ask for the error object any more.
        if let Some(kept) = self.kept.take() {
            kept.outbox.post(to_javascript::FORGET, |out| out.put_u32_le(kept.invocation));
        }
    }
}

impl fmt::Display for JsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_error().message)
    }
}

impl fmt::Debug for JsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsFailure").field(&self.record).finish()
    }
}

impl std::error::Error for JsFailure {}
