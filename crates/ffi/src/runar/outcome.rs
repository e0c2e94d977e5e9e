//! Outcomes: the results of calls as the isolate that made them gets them.

use std::sync::Arc;

use super::errors::from_core_error;
use super::network::session::outbound::CallResult;
use crate::call::Outcome;
use crate::error::Result;
use crate::isolate::failure::JsFailure;
use crate::isolate::Isolate;
use crate::peer_call::Payload;
use crate::runtime;
use crate::value::{self, ArcValue, HandleTable, ValueCategory};

/// Lists of this many items are translated outside of the Runar thread, which all nodes share.
pub const OFFLOAD_ITEMS: usize = 1_000;

/// The outcome of an answer on the Runar thread, made by one of the functions below.
pub async fn translate_there(
    isolate: Arc<Isolate>,
    answer: anyhow::Result<ArcValue>,
    outcome: fn(&Isolate, anyhow::Result<ArcValue>) -> Outcome,
) -> Outcome {
    let is_long = answer.as_ref().is_ok_and(|value| {
        value.category() == ValueCategory::List
            && value.as_list_ref().is_ok_and(|items| items.len() >= OFFLOAD_ITEMS)
    });
    if !is_long {
        return outcome(&isolate, answer);
    }
    runtime::aside(move || outcome(&isolate, answer))
        .await
        .unwrap_or_else(|error| Outcome::Error(error.to_json()))
}

/// The outcome of a value of the core.
pub fn value_outcome(isolate: &Isolate, answer: anyhow::Result<ArcValue>) -> Outcome {
    match answer {
        Ok(value) => value::from_core(&value, Some(&isolate.handles)).into(),
        Err(error) => failed(isolate.id, error),
    }
}

/// The outcome of a value that JavaScript gets by a handle.
pub fn handle_outcome(isolate: &Isolate, answer: anyhow::Result<ArcValue>) -> Outcome {
    match answer {
        Ok(value) => Outcome::Value(value::handle_form(isolate.handles.insert(value))),
        Err(error) => failed(isolate.id, error),
    }
}

/// The outcome of a call with both ends in this isolate, whose value was never translated.
pub fn opaque_outcome(isolate: &Isolate, answer: anyhow::Result<ArcValue>) -> Outcome {
    match answer.and_then(|value| value.as_bytes_ref()) {
        Ok(bytes) => Outcome::Value(Arc::unwrap_or_clone(bytes)),
        Err(error) => failed(isolate.id, error),
    }
}

/// The outcome of a call to a node of this SDK.
pub fn call_result_outcome(
    isolate: &Isolate,
    result: CallResult,
    path: &str,
    as_handle: bool,
) -> Outcome {
    match result {
        CallResult::Reply(bytes, peer) => reply_form(isolate, bytes, &peer, path, as_handle).into(),
        CallResult::Failed(json) => Outcome::Error(json),
        CallResult::Unanswered(error) => Outcome::Error(error.at(path).to_json()),
    }
}

fn reply_form(
    isolate: &Isolate,
    bytes: Vec<u8>,
    peer: &str,
    path: &str,
    as_handle: bool,
) -> Result<Vec<u8>> {
    let handles = &isolate.handles;
    if as_handle {
        let value = Payload::Binary(bytes).into_core(&HandleTable::default());
        return Ok(value::handle_form(handles.insert(value.map_err(|error| error.at(path))?)));
    }
    match value::stream_id(&bytes) {
        Some(id) => Ok(value::stream_form(id, peer)),
        None => value::from_peer(&bytes, handles).map_err(|error| error.at(path)),
    }
}

fn failed(isolate: u32, error: anyhow::Error) -> Outcome {
    match error.downcast::<JsFailure>() {
        Ok(failure) => failure.outcome_for(isolate),
        Err(error) => Outcome::Error(from_core_error(error).to_json()),
    }
}
