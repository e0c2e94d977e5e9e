//! A session: calls, replies and events between two nodes of this SDK, over a connection on which
//! both have proven their identity. Both sides send many messages at a time, and may cancel any of
//! them. Nodes of the core have no sessions; see `core_peer`.

mod error_record;
pub mod frame;
pub mod host;
mod inbound;
pub mod outbound;
pub mod proof;
pub mod reader;
mod receive;
mod serve;
pub mod version;
pub mod writer;

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

use bytes::Bytes;
use futures_util::future::join_all;
use quinn::{Connection, SendStream, VarInt};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use self::host::SessionHost;
use self::inbound::InboundCalls;
use self::outbound::{CallResult, CallState, Carrier, InFlightCall, OutboundCall, PendingCalls};
use self::writer::{Closed, FrameWriter};
use super::errors::{lost, not_sent};
use super::pending_replies::PendingReplies;
use crate::config::SessionOptions;
use crate::error::{Error, Result};
use crate::protocol::{frame_kind, stream_kind, MAX_INLINE_BODY};
use crate::runtime;
use crate::sync::lock;

/// How many messages on streams of their own are read at a time: each takes memory as it arrives.
const MAX_SINGLE_READS: usize = 4;

/// Bytes of events that may be queued for a peer; publishers wait when there are more.
const MAX_QUEUED_EVENT_BYTES: usize = 4 * 1024 * 1024;

pub struct Session {
    host: Weak<dyn SessionHost>,
    connection: Connection,
    peer: Arc<str>,
    options: SessionOptions,
    calls: FrameWriter,
    events: FrameWriter,
    /// The tasks that write `calls` and `events`.
    writers: Mutex<Vec<JoinHandle<()>>>,
    /// Calls to the peer.
    pending: Mutex<PendingCalls>,
    last_call: AtomicU32,
    /// Calls of the peer.
    inbound: Mutex<InboundCalls>,
    pending_replies: PendingReplies,
    single_reads: Semaphore,
    /// Bytes of large frames that are being sent.
    sending_bytes: AtomicUsize,
}

impl Session {
    /// `calls` is the stream of calls, when it is open already.
    pub fn start(
        host: Weak<dyn SessionHost>,
        connection: Connection,
        peer: &str,
        options: SessionOptions,
        pending_replies: PendingReplies,
        calls: Option<SendStream>,
    ) -> Arc<Self> {
        let session = Arc::new(Self {
            host,
            connection,
            peer: peer.into(),
            options,
            calls: FrameWriter::new(stream_kind::CALLS),
            events: FrameWriter::new(stream_kind::EVENTS),
            writers: Mutex::default(),
            pending: Mutex::default(),
            last_call: AtomicU32::new(0),
            inbound: Mutex::default(),
            pending_replies,
            single_reads: Semaphore::new(MAX_SINGLE_READS),
            sending_bytes: AtomicUsize::new(0),
        });
        for (is_calls, opened) in [(true, calls), (false, None)] {
            let writing = session.clone();
            let task = tokio::spawn(async move {
                let writer = if is_calls { &writing.calls } else { &writing.events };
                writer.run(&writing.connection, opened).await;
            });
            lock(&session.writers).push(task);
        }
        session
    }

    /// How many calls the peer has not answered.
    pub fn in_flight(&self) -> usize {
        lock(&self.pending).len()
    }

    /// Sends a frame on the stream of calls, or on a stream of its own when it is large.
    fn send(self: &Arc<Self>, kind: u8, number: u32, body: Vec<u8>) {
        let size = body.len();
        let queued = self.calls.queued() + self.sending_bytes.load(Ordering::Relaxed);
        let limit = self.options.max_queued_bytes.saturating_add(self.options.max_payload_bytes);
        if queued.saturating_add(size) > limit {
            // The peer keeps calling and does not read the replies.
            self.connection.close(VarInt::from_u32(1), b"answers are not taken");
            return;
        }
        if size <= MAX_INLINE_BODY {
            // On failure the caller learns of the end of the connection.
            let _ = self.calls.push(kind, number, &[&body]);
            return;
        }
        self.sending_bytes.fetch_add(size, Ordering::Relaxed);
        let session = self.clone();
        let sending = async move {
            let head = frame::head(kind, number);
            writer::send_single(&session.connection, &head, body.into()).await;
            session.sending_bytes.fetch_sub(size, Ordering::Relaxed);
        };
        if runtime::spawn(sending).is_err() {
            self.sending_bytes.fetch_sub(size, Ordering::Relaxed);
        }
    }

    /// Sends a call to the peer.
    pub fn call(self: &Arc<Self>, call: &Arc<OutboundCall>) {
        if self.is_full_for(call) {
            self.reject(call, outbound::overloaded(&self.peer));
            return;
        }
        let number = self.last_call.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let weak = Arc::downgrade(self);
        if !call.set_state(CallState::SentOn(weak, number)) {
            return;
        }
        let timeout = call.remaining_ms().to_le_bytes();
        let body = call.body.clone();
        if body.len() > MAX_INLINE_BODY {
            self.call_on_own_stream(call, number, timeout, body);
            return;
        }
        // Locked until the call is in the table: neither its reply nor the end of the connection
        // may come between.
        let mut pending = lock(&self.pending);
        match self.calls.push(frame_kind::CALL, number, &[&timeout, &body]) {
            Ok(offset) => {
                pending.insert(number, InFlightCall { call: call.clone(), offset: Some(offset) });
            }
            Err(Closed) => {
                drop(pending);
                self.reject(call, not_sent(&self.peer));
            }
        }
    }

    fn is_full_for(&self, call: &OutboundCall) -> bool {
        let pending = lock(&self.pending);
        pending.len() >= self.options.max_calls
            || pending.bytes().saturating_add(call.body.len()) > self.options.max_queued_bytes
    }

    fn call_on_own_stream(
        self: &Arc<Self>,
        call: &Arc<OutboundCall>,
        number: u32,
        timeout: [u8; 4],
        body: Bytes,
    ) {
        lock(&self.pending).insert(number, InFlightCall { call: call.clone(), offset: None });
        let session = self.clone();
        let sending = async move {
            let mut head = frame::head(frame_kind::CALL, number);
            head.extend_from_slice(&timeout);
            let sent = tokio::select! {
                sent = writer::send_single(&session.connection, &head, body) => sent,
                // The rest of a cancelled call need not be sent.
                () = session.cancelled(number) => return,
            };
            if !sent {
                if let Some(InFlightCall { call, .. }) = session.forget(number) {
                    session.reject(&call, not_sent(&session.peer));
                }
            }
        };
        if runtime::spawn(sending).is_err() {
            self.forget(number);
        }
    }

    async fn cancelled(&self, number: u32) {
        let call = lock(&self.pending).get(number).map(|sent| sent.call.clone());
        if let Some(call) = call {
            call.cancelled.notified().await;
        }
    }

    fn forget(&self, number: u32) -> Option<InFlightCall> {
        lock(&self.pending).remove(number)
    }

    /// Gives a call back that the peer has not begun and will not begin: another peer may take it.
    fn reject(&self, call: &Arc<OutboundCall>, error: Error) {
        call.mark_tried(&self.peer);
        match self.host.upgrade() {
            Some(host) => host.retry(call, error),
            None => call.complete(CallResult::Unanswered(error)),
        }
    }

    /// Cancels a call of the peer, or notes that it has ended. False when that was done before.
    fn forget_inbound(&self, number: u32) -> bool {
        // Dropped without the lock: dropping cancels.
        let running = lock(&self.inbound).remove(number);
        running.is_some()
    }

    /// Cancels all calls of a peer that is gone.
    fn cancel_inbound(&self) {
        let inbound = std::mem::take(&mut *lock(&self.inbound));
        drop(inbound);
    }

    /// Publishes an event to the peer, once its queue has capacity.
    pub async fn publish(&self, topic: &str, payload: &[u8]) -> Result<()> {
        self.events.below(MAX_QUEUED_EVENT_BYTES).await.map_err(|closed| self.gone(closed))?;
        self.publish_now(topic, payload)
    }

    /// Whether the queue of events has capacity.
    pub fn has_capacity(&self) -> bool {
        self.events.queued() < MAX_QUEUED_EVENT_BYTES
    }

    /// Publishes an event to the peer.
    pub fn publish_now(&self, topic: &str, payload: &[u8]) -> Result<()> {
        let body = frame::event_body(topic, payload);
        let queued = self.events.push(frame_kind::EVENT, 0, &[&body]);
        queued.map(drop).map_err(|closed| self.gone(closed))
    }

    fn gone(&self, Closed: Closed) -> Error {
        lost(&self.peer, "it is closed")
    }

    /// Sends the description of this node.
    pub fn send_node_update(self: &Arc<Self>, description: &[u8]) {
        self.send(frame_kind::NODE_UPDATE, 0, description.to_vec());
    }

    /// Waits until the peer has everything that is queued. Nothing can be sent after that.
    pub async fn flush(&self) {
        self.calls.end();
        self.events.end();
        let writers = std::mem::take(&mut *lock(&self.writers));
        join_all(writers).await;
    }

    /// Ends the session after its connection has ended, and completes the calls under way. Returns
    /// how many events did not reach the peer.
    pub fn end(self: &Arc<Self>, why: &str) -> usize {
        let events = self.events.close();
        self.cancel_inbound();
        let pending = {
            let mut pending = lock(&self.pending);
            self.calls.close();
            pending.take_all()
        };
        for InFlightCall { call, offset } in pending {
            match offset {
                Some(offset) if !self.calls.was_handed_over(offset) => {
                    self.reject(&call, not_sent(&self.peer));
                }
                _ => call.complete(CallResult::Unanswered(lost(&self.peer, why))),
            }
        }
        events
    }
}

impl Carrier for Session {
    fn cancel(&self, number: u32) {
        if self.forget(number).is_some() {
            let _ = self.calls.push(frame_kind::CANCEL, number, &[]);
        }
    }
}
