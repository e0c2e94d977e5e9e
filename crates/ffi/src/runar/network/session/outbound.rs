//! Calls to peers: a call from its start to its result, whichever peers it is sent to, and the
//! table of the calls that one peer has not answered.

use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use bytes::Bytes;
use rustc_hash::FxHashMap;
use serde_json::json;
use tokio::sync::Notify;

use super::frame;
use crate::call_metadata::CallMetadata;
use crate::error::{Code, Error};
use crate::sync::lock;

pub enum CallResult {
    /// A value in binary form, and the id of the peer that sent it.
    Reply(Vec<u8>, Arc<str>),
    /// The record of the error that the peer sent, checked.
    Failed(String),
    /// There was no answer. A peer that was lost may have run the call all the same.
    Unanswered(Error),
}

type OnComplete = Box<dyn FnOnce(CallResult) + Send>;

/// Where a call was sent, for its cancellation.
pub trait Carrier: Send + Sync {
    fn cancel(&self, number: u32);
}

pub struct OutboundCall {
    /// The path, with its network.
    topic: String,
    deadline: Instant,
    /// The body of the frame, without the timeout.
    pub body: Bytes,
    /// `None` once the call has ended or was cancelled.
    on_complete: Mutex<Option<OnComplete>>,
    state: Mutex<CallState>,
    /// Peers that could not take the call, or refused it.
    tried: Mutex<Vec<Arc<str>>>,
    pub cancelled: Notify,
}

pub enum CallState {
    Unsent,
    /// The session that the call was sent on, and its number there.
    SentOn(Weak<dyn Carrier>, u32),
    Cancelled,
}

impl OutboundCall {
    pub fn new(
        topic: String,
        metadata: &CallMetadata,
        payload: &[u8],
        on_complete: impl FnOnce(CallResult) + Send + 'static,
    ) -> Arc<Self> {
        let body = frame::call_body(&topic, metadata, payload).into();
        Arc::new(Self {
            topic,
            deadline: Instant::now() + Duration::from_millis(metadata.timeout_ms.into()),
            body,
            on_complete: Mutex::new(Some(Box::new(on_complete))),
            state: Mutex::new(CallState::Unsent),
            tried: Mutex::default(),
            cancelled: Notify::new(),
        })
    }

    pub fn topic(&self) -> &str {
        &self.topic
    }

    pub fn remaining_ms(&self) -> u32 {
        let remaining = self.deadline.saturating_duration_since(Instant::now());
        // Rounded up, so that the time taken to get here is not subtracted.
        u32::try_from(remaining.as_micros().div_ceil(1_000)).unwrap_or(u32::MAX).max(1)
    }

    /// Notes where the call is sent. False when it was cancelled meanwhile.
    pub fn set_state(&self, state: CallState) -> bool {
        let mut current = lock(&self.state);
        if matches!(*current, CallState::Cancelled) {
            return false;
        }
        *current = state;
        true
    }

    pub fn was_tried(&self, peer: &str) -> bool {
        lock(&self.tried).iter().any(|tried| &**tried == peer)
    }

    pub fn mark_tried(&self, peer: &Arc<str>) {
        lock(&self.tried).push(peer.clone());
    }

    /// Reports the result, unless the call has ended before.
    pub fn complete(&self, result: CallResult) {
        let on_complete = lock(&self.on_complete).take();
        if let Some(on_complete) = on_complete {
            on_complete(result);
        }
    }

    /// Cancels the call, also at the peer.
    pub fn cancel(&self) {
        lock(&self.on_complete).take();
        let state = std::mem::replace(&mut *lock(&self.state), CallState::Cancelled);
        self.cancelled.notify_one();
        if let CallState::SentOn(carrier, number) = state {
            if let Some(carrier) = carrier.upgrade() {
                carrier.cancel(number);
            }
        }
    }
}

/// Cancels a call when it is dropped.
pub struct CancelCallOnDrop(pub Arc<OutboundCall>);

impl Drop for CancelCallOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// A call that was sent.
pub struct InFlightCall {
    pub call: Arc<OutboundCall>,
    /// Where it begins in the stream of calls; `None` for one on a stream of its own.
    pub offset: Option<u64>,
}

/// The calls that a peer has not answered, by their numbers.
#[derive(Default)]
pub struct PendingCalls {
    calls: FxHashMap<u32, InFlightCall>,
    /// The size of their bodies.
    bytes: usize,
}

impl PendingCalls {
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn get(&self, number: u32) -> Option<&InFlightCall> {
        self.calls.get(&number)
    }

    pub fn insert(&mut self, number: u32, sent: InFlightCall) {
        self.bytes += sent.call.body.len();
        self.calls.insert(number, sent);
    }

    pub fn remove(&mut self, number: u32) -> Option<InFlightCall> {
        let sent = self.calls.remove(&number)?;
        self.bytes -= sent.call.body.len();
        Some(sent)
    }

    pub fn take_all(&mut self) -> Vec<InFlightCall> {
        std::mem::take(&mut self.calls).into_values().collect()
    }
}

pub fn overloaded(peer: &str) -> Error {
    let text = format!("the peer {peer} has more calls to answer than may wait for it");
    Error::new(Code::Overload, text).with_details(json!({ "peer": peer }))
}
