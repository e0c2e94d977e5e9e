//! The failure of a JavaScript handler on its way through the core.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::call::Outcome;
use crate::error::Error;
use crate::isolate::Isolate;

/// While a call of the handler's own isolate is behind it, the isolate keeps the error object
/// itself, so that its caller gets that very object; anybody else gets the record.
pub struct JsFailure {
    /// JSON, as `Error::to_json` has it and with the cause and the stack beside.
    record: String,
    kept: Option<(Arc<Isolate>, u32)>,
    is_refusal: bool,
}

impl JsFailure {
    pub fn new(
        isolate: &Arc<Isolate>,
        invocation: u32,
        kept: bool,
        is_refusal: bool,
        record: String,
    ) -> Self {
        Self { record, kept: kept.then(|| (isolate.clone(), invocation)), is_refusal }
    }

    /// Whether the call was turned away, and the handler has not run.
    pub fn is_refusal(&self) -> bool {
        self.is_refusal
    }

    /// The record for another node, which learns where in our code it was only if it shall.
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

    /// The same as an error of Rust, for those who can do nothing with the object.
    pub fn as_error(&self) -> Error {
        Error::from_json(&self.record)
    }

    pub fn outcome_for(mut self, isolate: u32) -> Outcome {
        match self.kept.take_if(|(keeper, _)| keeper.id == isolate) {
            Some((_, invocation)) => Outcome::Failure(invocation),
            None => Outcome::Error(std::mem::take(&mut self.record)),
        }
    }
}

impl Drop for JsFailure {
    fn drop(&mut self) {
        if let Some((isolate, invocation)) = self.kept.take() {
            isolate.forget_failure(invocation);
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
