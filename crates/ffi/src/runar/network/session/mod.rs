//! What goes between two nodes of this SDK, over the connection on which they have proven who they
//! are: calls, answers and events as messages, many at a time in both directions, any of which may
//! be given up. Nodes of the core know nothing of it and are spoken to as `wire` has it.

pub mod frame;
mod inbound;
mod outbound;
mod proof;
mod reader;
mod writer;

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::future::join_all;
use quinn::{Connection, SendStream, VarInt};
use rustc_hash::FxHashMap;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use self::frame::{kind, stream, MAX_INLINE_BODY};
use self::inbound::InboundCalls;
pub use self::outbound::{CallResult, OutboundCall};
use self::outbound::{CallState, InFlightCall};
pub use self::proof::{challenge, prove, Challenge};
pub use self::reader::{first_of_calls, FrameReader};
use self::writer::{Closed, FrameWriter};
use super::link::lost;
use crate::config::SessionLimits;
use crate::error::{Code, Error, Result};
use crate::runtime;
use crate::sync::lock;

/// Messages too large to go between others that are read at a time: each takes memory as it comes.
const MAX_SINGLE_READS: usize = 4;

pub struct Session {
    connection: Connection,
    peer: Arc<str>,
    calls: FrameWriter,
    events: FrameWriter,
    /// Calls of ours that the peer is to answer.
    asked: Mutex<PendingCalls>,
    last_call: AtomicU32,
    /// Calls of the peer that run here.
    served: Mutex<InboundCalls>,
    alone: Semaphore,
    /// Bytes of large answers that are on their way.
    going_out: AtomicUsize,
    pumps: Mutex<Vec<JoinHandle<()>>>,
    limits: SessionLimits,
}

#[derive(Default)]
struct PendingCalls {
    calls: FxHashMap<u32, InFlightCall>,
    /// How large they are, in all.
    bytes: usize,
}

impl PendingCalls {
    fn insert(&mut self, number: u32, sent: InFlightCall) {
        self.bytes += sent.ask.body.len();
        self.calls.insert(number, sent);
    }

    fn remove(&mut self, number: u32) -> Option<InFlightCall> {
        let sent = self.calls.remove(&number)?;
        self.bytes -= sent.ask.body.len();
        Some(sent)
    }
}

impl Session {
    /// `calls` is the stream of calls, when it was opened already.
    pub fn start(
        connection: Connection,
        peer: &str,
        limits: SessionLimits,
        calls: Option<SendStream>,
    ) -> Arc<Self> {
        let session = Arc::new(Self {
            connection,
            peer: peer.into(),
            calls: FrameWriter::new(stream::CALLS),
            events: FrameWriter::new(stream::EVENTS),
            asked: Mutex::default(),
            last_call: AtomicU32::new(0),
            served: Mutex::default(),
            alone: Semaphore::new(MAX_SINGLE_READS),
            going_out: AtomicUsize::new(0),
            pumps: Mutex::default(),
            limits,
        });
        for (is_calls, opened) in [(true, calls), (false, None)] {
            let pumping = session.clone();
            let pump = tokio::spawn(async move {
                let lane = if is_calls { &pumping.calls } else { &pumping.events };
                lane.pump(&pumping.connection, opened).await;
            });
            lock(&session.pumps).push(pump);
        }
        session
    }

    /// How many calls of ours the peer has not answered.
    pub fn in_flight(&self) -> usize {
        lock(&self.asked).calls.len()
    }

    /// Sends a frame between others, or alone when it is large.
    fn send(self: &Arc<Self>, kind: u8, number: u32, body: Vec<u8>) {
        let size = body.len();
        let waiting = self.calls.queued() + self.going_out.load(Ordering::Relaxed);
        if waiting.saturating_add(size) > self.limits.queued.saturating_add(self.limits.payload) {
            // A peer that calls and calls, and does not listen to the answers.
            self.connection.close(VarInt::from_u32(1), b"answers are not taken");
            return;
        }
        if size <= MAX_INLINE_BODY {
            // Whoever it is for is told of the end of the connection.
            let _ = self.calls.push(kind, number, &[&body]);
            return;
        }
        self.going_out.fetch_add(size, Ordering::Relaxed);
        let session = self.clone();
        let sending = async move {
            let head = alone_head(kind, number);
            writer::send_alone(&session.connection, &head, body.into()).await;
            session.going_out.fetch_sub(size, Ordering::Relaxed);
        };
        if runtime::spawn(sending).is_err() {
            self.going_out.fetch_sub(size, Ordering::Relaxed);
        }
    }

    /// Sends a call of ours, whose answer it will get.
    pub fn ask(self: &Arc<Self>, ask: &Arc<OutboundCall>) {
        if self.is_full_for(ask) {
            ask.turned_away(self, outbound::overloaded(&self.peer));
            return;
        }
        let number = self.last_call.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        if !ask.go_to(CallState::At(Arc::downgrade(self), number)) {
            return;
        }
        let timeout = ask.left_ms().to_le_bytes();
        let body = ask.body.clone();
        if body.len() > MAX_INLINE_BODY {
            self.ask_alone(ask, number, timeout, body);
            return;
        }
        // The lock is held so that an answer cannot come before the call is known, nor the end of
        // the connection between.
        let mut asked = lock(&self.asked);
        match self.calls.push(kind::CALL, number, &[&timeout, &body]) {
            Ok(at) => {
                asked.insert(number, InFlightCall { ask: ask.clone(), at: Some(at) });
            }
            Err(Closed) => {
                drop(asked);
                ask.unsent(self);
            }
        }
    }

    fn is_full_for(&self, ask: &OutboundCall) -> bool {
        let asked = lock(&self.asked);
        asked.calls.len() >= self.limits.calls
            || asked.bytes.saturating_add(ask.body.len()) > self.limits.queued
    }

    fn ask_alone(
        self: &Arc<Self>,
        ask: &Arc<OutboundCall>,
        number: u32,
        timeout: [u8; 4],
        body: Bytes,
    ) {
        lock(&self.asked).insert(number, InFlightCall { ask: ask.clone(), at: None });
        let session = self.clone();
        let sending = async move {
            let mut head = alone_head(kind::CALL, number);
            head.extend_from_slice(&timeout);
            let sent = tokio::select! {
                sent = writer::send_alone(&session.connection, &head, body) => sent,
                // Given up: what was not said yet need not be.
                () = session.forgotten(number) => return,
            };
            if !sent {
                if let Some(InFlightCall { ask, .. }) = session.forget(number) {
                    ask.unsent(&session);
                }
            }
        };
        if runtime::spawn(sending).is_err() {
            self.forget(number);
        }
    }

    async fn forgotten(&self, number: u32) {
        let ask = lock(&self.asked).calls.get(&number).map(|sent| sent.ask.clone());
        if let Some(ask) = ask {
            ask.given_up.notified().await;
        }
    }

    fn forget(&self, number: u32) -> Option<InFlightCall> {
        lock(&self.asked).remove(number)
    }

    /// Nobody waits for the answer any more.
    fn give_up(&self, number: u32) {
        if self.forget(number).is_some() {
            let _ = self.calls.push(kind::CANCEL, number, &[]);
        }
    }

    /// Tells the peer of an event, behind those before it, once there is room.
    pub async fn tell(&self, topic: &str, payload: &[u8]) -> Result<()> {
        self.events.room_below(MAX_QUEUED_EVENT_BYTES).await.map_err(|closed| self.gone(closed))?;
        self.tell_now(topic, payload)
    }

    /// Whether nobody has to wait before there is room for an event.
    pub fn has_room(&self) -> bool {
        self.events.queued() < MAX_QUEUED_EVENT_BYTES
    }

    /// Tells the peer of an event, behind those before it.
    pub fn tell_now(&self, topic: &str, payload: &[u8]) -> Result<()> {
        let body = frame::event_body(topic, payload);
        let told = self.events.push(kind::EVENT, 0, &[&body]);
        told.map(drop).map_err(|closed| self.gone(closed))
    }

    fn gone(&self, Closed: Closed) -> Error {
        lost(&self.peer, "it is closed")
    }

    /// Tells the peer what this node is now.
    pub fn send_node_update(self: &Arc<Self>, description: &[u8]) {
        self.send(kind::NODE_UPDATE, 0, description.to_vec());
    }

    /// Waits until the peer has all that was said. Nothing more can be said then.
    pub async fn flush(&self) {
        self.calls.end();
        self.events.end();
        let pumps = std::mem::take(&mut *lock(&self.pumps));
        join_all(pumps).await;
    }

    /// The connection is over: whoever waits for an answer gets the truth about it. Returns how many
    /// events have not reached the peer.
    pub fn end(self: &Arc<Self>, why: &str) -> usize {
        let events = self.events.close();
        self.give_up_served();
        let asked: Vec<_> = {
            let mut asked = lock(&self.asked);
            self.calls.close();
            std::mem::take(&mut asked.calls).into_values().collect()
        };
        for InFlightCall { ask, at } in asked {
            match at {
                Some(at) if !self.calls.was_handed(at) => ask.unsent(self),
                _ => ask.end(CallResult::Unanswered(lost(&self.peer, why))),
            }
        }
        events
    }
}

/// Opens our stream of calls with the proof that we have the network's key.
pub async fn begin_calls(connection: &Connection, proof: &[u8]) -> Option<SendStream> {
    let mut stream = writer::open(connection, stream::CALLS).await?;
    let mut first = Vec::new();
    frame::put_head(&mut first, kind::PROOF, 0, proof.len());
    first.extend_from_slice(proof);
    stream.write_all(&first).await.ok()?;
    Some(stream)
}

/// Bytes of events that may wait for a peer; publishers wait when there are more.
const MAX_QUEUED_EVENT_BYTES: usize = 4 * 1024 * 1024;

fn alone_head(kind: u8, number: u32) -> Vec<u8> {
    let mut head = vec![kind];
    head.extend_from_slice(&number.to_le_bytes());
    head
}

/// Whether a payload, a result or an event of this size may go.
pub fn check_size(size: usize, limit: usize) -> Result<()> {
    if size <= limit {
        return Ok(());
    }
    let text = format!(
        "is too large: {size} bytes, where {limit} may go; send it in parts, or raise \
         max_payload_size on both nodes"
    );
    Err(Error::new(Code::TooLarge, text).with_details(json!({ "bytes": size, "limit": limit })))
}
