//! A call of ours, from when it is made to when it has ended, whichever peers it goes to meanwhile.

use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::{json, Value};
use tokio::sync::Notify;

use super::{frame, Session};
use crate::error::{Code, Error};
use crate::peer_call::CallMetadata;
use crate::runar::network::link::not_sent;
use crate::runar::network::Transport;
use crate::sync::lock;

/// What a call comes to.
pub enum CallResult {
    /// A value in binary form, as the peer of this id has sent it.
    Reply(Vec<u8>, Arc<str>),
    /// The JSON of an error, as the peer has sent it.
    Failed(String),
    /// There is no answer; a lost peer may have begun all the same.
    Unanswered(Error),
}

type OnEnd = Box<dyn FnOnce(CallResult) + Send>;

pub struct OutboundCall {
    network: Weak<Transport>,
    /// With its network.
    topic: String,
    deadline: Instant,
    /// What goes to the peer, but for the timeout.
    pub body: Bytes,
    on_end: Mutex<Option<OnEnd>>,
    place: Mutex<CallState>,
    /// Peers that could not, or would not, take it.
    tried: Mutex<Vec<Arc<str>>>,
    pub given_up: Notify,
}

pub enum CallState {
    Nowhere,
    At(Weak<Session>, u32),
    GivenUp,
}

/// A call that was sent, and where in the stream of calls it begins; one that went alone is in none.
pub struct InFlightCall {
    pub ask: Arc<OutboundCall>,
    pub at: Option<u64>,
}

impl OutboundCall {
    pub fn new(
        network: &Arc<Transport>,
        topic: String,
        terms: &CallMetadata,
        payload: &[u8],
        on_end: impl FnOnce(CallResult) + Send + 'static,
    ) -> Arc<Self> {
        let body = frame::call_body(&topic, terms, payload).into();
        Arc::new(Self {
            network: Arc::downgrade(network),
            topic,
            deadline: Instant::now() + Duration::from_millis(terms.timeout_ms.into()),
            body,
            on_end: Mutex::new(Some(Box::new(on_end))),
            place: Mutex::new(CallState::Nowhere),
            tried: Mutex::default(),
            given_up: Notify::new(),
        })
    }

    pub fn topic(&self) -> &str {
        &self.topic
    }

    pub fn left_ms(&self) -> u32 {
        let left = self.deadline.saturating_duration_since(Instant::now());
        // Up, so that the moment that it took to get here is not taken off.
        u32::try_from(left.as_micros().div_ceil(1_000)).unwrap_or(u32::MAX).max(1)
    }

    /// False when it was given up meanwhile.
    pub fn go_to(&self, place: CallState) -> bool {
        let mut at = lock(&self.place);
        if matches!(*at, CallState::GivenUp) {
            return false;
        }
        *at = place;
        true
    }

    pub fn was_tried(&self, peer: &str) -> bool {
        lock(&self.tried).iter().any(|tried| &**tried == peer)
    }

    /// It has not gone out: another peer may have it.
    pub fn unsent(self: &Arc<Self>, session: &Session) {
        self.turned_away(session, not_sent(&session.peer));
    }

    /// The peer has not begun, and will not: another may have it.
    pub fn turned_away(self: &Arc<Self>, session: &Session, error: Error) {
        lock(&self.tried).push(session.peer.clone());
        match self.network.upgrade() {
            Some(network) => network.ask_next(self, error),
            None => self.end(CallResult::Unanswered(error)),
        }
    }

    /// Ends it, unless it has ended already.
    pub fn end(&self, ended: CallResult) {
        let on_end = lock(&self.on_end).take();
        if let Some(on_end) = on_end {
            on_end(ended);
        }
    }

    /// Nobody waits for it any more; the peer is told.
    pub fn give_up(&self) {
        lock(&self.on_end).take();
        let place = std::mem::replace(&mut *lock(&self.place), CallState::GivenUp);
        self.given_up.notify_one();
        if let CallState::At(session, number) = place {
            if let Some(session) = session.upgrade() {
                session.give_up(number);
            }
        }
    }
}

/// What a peer tells of a failure, as far as it is what a failure is told by.
pub fn failure_record(json: &[u8]) -> String {
    let record = serde_json::from_slice::<Value>(json).ok();
    let is_one = |record: &Value| record["code"].is_string() && record["message"].is_string();
    match record.filter(is_one) {
        Some(record) => record.to_string(),
        None => Error::new(Code::Remote, "the peer tells of a failure in no known form").to_json(),
    }
}

pub fn overloaded(peer: &str) -> Error {
    let text = format!("the peer {peer} has more calls to answer than may wait for it");
    Error::new(Code::Overload, text).with_details(json!({ "peer": peer }))
}
