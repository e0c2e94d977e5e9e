//! Calls between nodes: who calls, on which terms, and what is carried.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use tokio::sync::oneshot;

use crate::error::{Error, Result};
use crate::value::{self, ArcValue, HandleTable};

/// What a caller says of its call, beside what it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallMetadata {
    /// How long the caller waits.
    pub timeout_ms: u32,
    /// Whether the payload is the arguments of a typed client.
    pub positional: bool,
    /// What the log records of the call have in common; empty for nothing.
    pub request_id: String,
    /// The W3C trace context; empty for none.
    pub traceparent: String,
}

/// A peer that calls.
#[derive(Clone)]
pub struct Caller {
    pub peer: Arc<str>,
    /// Whether it has proven to be that peer.
    pub authenticated: bool,
    pub terms: CallMetadata,
}

/// A value on its way, in one of its forms.
pub enum Payload {
    /// In binary form.
    Binary(Vec<u8>),
    /// As the core has it.
    Value(ArcValue),
}

impl Payload {
    pub fn into_core(self, handles: &HandleTable) -> Result<ArcValue> {
        Ok(match self {
            Payload::Binary(bytes) => {
                value::to_core(&bytes, handles)?.unwrap_or_else(ArcValue::null)
            }
            Payload::Value(value) => value,
        })
    }
}

/// Gets the answer to a call of a peer, on whichever thread has it.
pub type ResponseCallback = Box<dyn FnOnce(anyhow::Result<Payload>) + Send>;

/// A call of a peer, which is given up when this is dropped, unless it has ended.
#[derive(Default)]
pub struct CancelOnDrop(Option<Box<dyn FnOnce() + Send>>);

impl CancelOnDrop {
    pub fn new(give_up: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(give_up)))
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(give_up) = self.0.take() {
            give_up();
        }
    }
}

/// The answer to a call that `begin` begins, and that is given up when this future is dropped.
pub async fn wait_for_response(
    begin: impl FnOnce(ResponseCallback) -> CancelOnDrop,
) -> anyhow::Result<Payload> {
    let (answered, answer) = oneshot::channel();
    let _begun = begin(Box::new(move |answer| {
        // Whoever waited has given up.
        let _ = answered.send(answer);
    }));
    answer.await?
}

/// ResponseCache a call with an error.
pub fn refuse(error: Error, answered: ResponseCallback) -> CancelOnDrop {
    answered(Err(error.into()));
    CancelOnDrop::default()
}

/// ResponseCache a call with what a future comes to. It begins at once: calls begin in the order in which
/// they came, which tasks would not keep.
pub fn respond_later(
    answer: impl Future<Output = anyhow::Result<Payload>> + Send + 'static,
    answered: ResponseCallback,
) -> CancelOnDrop {
    let answer = AssertUnwindSafe(answer).catch_unwind();
    let mut answer = Box::pin(
        answer
            .map(|answer| answer.unwrap_or_else(|payload| Err(Error::from_panic(payload).into()))),
    );
    if let Some(answer) = (&mut answer).now_or_never() {
        answered(answer);
        return CancelOnDrop::default();
    }
    let task = tokio::spawn(async move { answered(answer.await) }).abort_handle();
    CancelOnDrop::new(move || task.abort())
}
