//! A call between nodes: its caller, its payload, and the way back of its response.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use tokio::sync::oneshot;

use crate::call_metadata::CallMetadata;
use crate::error::{Error, Result};
use crate::value::{self, ArcValue, HandleTable};

/// A peer that calls.
#[derive(Clone)]
pub struct Caller {
    pub peer: Arc<str>,
    /// Whether the peer has proven its identity.
    pub authenticated: bool,
    pub metadata: CallMetadata,
}

/// A value in transit, in one of its forms.
pub enum Payload {
    /// The binary form.
    Binary(Vec<u8>),
    /// A value of the core.
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

/// Receives the response to a call of a peer, on the thread that has it.
pub type ResponseCallback = Box<dyn FnOnce(anyhow::Result<Payload>) + Send>;

/// Cancels a call of a peer when it is dropped, unless the call has ended.
#[derive(Default)]
pub struct CancelOnDrop(Option<Box<dyn FnOnce() + Send>>);

impl CancelOnDrop {
    pub fn new(cancel: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(cancel)))
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(cancel) = self.0.take() {
            cancel();
        }
    }
}

/// Starts a call and waits for its response. Dropping the future cancels the call.
pub async fn wait_for_response(
    start: impl FnOnce(ResponseCallback) -> CancelOnDrop,
) -> anyhow::Result<Payload> {
    let (sender, response) = oneshot::channel();
    let _cancel = start(Box::new(move |response| {
        // The receiver is gone when the caller waits no longer.
        let _ = sender.send(response);
    }));
    response.await?
}

/// Responds with an error.
pub fn refuse(error: Error, respond: ResponseCallback) -> CancelOnDrop {
    respond(Err(error.into()));
    CancelOnDrop::default()
}

/// Responds with the output of a future. The future is polled once right away: calls start in the
/// order in which they arrived, which tasks would not keep.
pub fn respond_later(
    response: impl Future<Output = anyhow::Result<Payload>> + Send + 'static,
    respond: ResponseCallback,
) -> CancelOnDrop {
    let response = AssertUnwindSafe(response).catch_unwind();
    let mut response =
        Box::pin(response.map(|response| {
            response.unwrap_or_else(|payload| Err(Error::from_panic(payload).into()))
        }));
    if let Some(response) = (&mut response).now_or_never() {
        respond(response);
        return CancelOnDrop::default();
    }
    let task = tokio::spawn(async move { respond(response.await) }).abort_handle();
    CancelOnDrop::new(move || task.abort())
}
