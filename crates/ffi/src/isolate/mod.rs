//! The queues to and from JavaScript.
//!
//! Each isolate (a JavaScript thread that loaded the addon) has one `Isolate`. `exchange` takes all
//! that JavaScript has to say, polls what can go on, and returns all that Rust has to say. Futures
//! whose both ends are in the isolate are polled right there, inside the exchange; their wakers,
//! when they fire there, cost no thread hop. Whatever another thread finishes rings the isolate's
//! one weak threadsafe function, which makes JavaScript call `exchange` again.

pub mod executor;
pub mod failure;
mod outbox;
pub mod wakeups;

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::ThreadId;

use futures_util::FutureExt;
use runar_logging_bridge::Queue;
use rustc_hash::FxHashMap;
use serde_json::{json, Value};
use tokio::sync::oneshot;

use self::executor::Executor;
use self::failure::JsFailure;
use self::outbox::{kind, Outbox};
use crate::call::{attributed, CurrentCall, Outcome};
use crate::codec::{put_sized, put_u32, Reader};
use crate::error::{Code, Error, Result};
use crate::node::{self, Request};
use crate::peer_call::{CallMetadata, Caller, Payload};
use crate::runtime;
use crate::sync::lock;
use crate::value::{self, HandleTable};

/// What JavaScript says; `sdk/src/wire.ts` has the same numbers.
mod inbound {
    pub const REQUEST_ACTION: u8 = 1;
    pub const REQUEST_PATH: u8 = 2;
    pub const REPLY: u8 = 3;
    pub const FAIL: u8 = 4;
    pub const CANCEL: u8 = 5;
    pub const PUBLISH: u8 = 6;
    pub const RELEASE: u8 = 7;
}

/// Rings JavaScript; the napi side of it lives in `lib.rs`.
pub type Bell = Box<dyn Fn() + Send + Sync>;

/// A handler's answer.
pub type Reply = std::result::Result<Payload, JsFailure>;

/// Gets a handler's answer; an error says that there will be none.
type Replied = Box<dyn FnOnce(Result<Reply>) + Send>;

/// A JavaScript handler, and what it is called with.
pub struct Invocation<'a> {
    pub node: u32,
    pub action: u32,
    /// The call of this isolate on whose behalf it is; 0 for none.
    pub call: u32,
    pub topic: &'a str,
    pub payload: &'a [u8],
    /// The peer that calls.
    pub caller: Option<&'a Caller>,
}

pub struct Isolate {
    pub id: u32,
    thread: ThreadId,
    bell: Mutex<Option<Bell>>,
    rung: AtomicBool,
    exchanging: AtomicBool,
    outbox: Outbox,
    pub executor: Executor,
    invocations: Mutex<FxHashMap<u32, Replied>>,
    /// Ends calls elsewhere that JavaScript gives up.
    cancellable: Mutex<FxHashMap<u32, Box<dyn FnOnce() + Send>>>,
    last_invocation: AtomicU32,
    /// Records that name no node.
    pub logs: Queue,
    pub handles: HandleTable,
}

static ISOLATES: OnceLock<Mutex<FxHashMap<u32, Arc<Isolate>>>> = OnceLock::new();
static LAST_ISOLATE: AtomicU32 = AtomicU32::new(0);

fn isolates() -> &'static Mutex<FxHashMap<u32, Arc<Isolate>>> {
    ISOLATES.get_or_init(Mutex::default)
}

pub fn open(bell: Bell) -> u32 {
    let id = LAST_ISOLATE.fetch_add(1, Ordering::Relaxed) + 1;
    let isolate = Arc::new(Isolate {
        id,
        thread: std::thread::current().id(),
        bell: Mutex::new(Some(bell)),
        rung: AtomicBool::new(false),
        exchanging: AtomicBool::new(false),
        outbox: Outbox::default(),
        executor: Executor::default(),
        invocations: Mutex::default(),
        cancellable: Mutex::default(),
        last_invocation: AtomicU32::new(0),
        logs: Queue::default(),
        handles: HandleTable::default(),
    });
    lock(isolates()).insert(id, isolate);
    id
}

pub fn find(id: u32) -> Result<Arc<Isolate>> {
    lock(isolates()).get(&id).cloned().ok_or_else(|| {
        Error::new(Code::Stopped, "This JavaScript thread has closed its side of the addon")
    })
}

/// Counts what the addon holds for one isolate, or for all that are open.
pub fn live(isolate: Option<u32>) -> Result<Value> {
    let isolates = match isolate {
        Some(id) => vec![find(id)?],
        None => lock(isolates()).values().cloned().collect(),
    };
    let total = |count: fn(&Isolate) -> usize| isolates.iter().map(|one| count(one)).sum::<usize>();
    Ok(json!({
        "tasks": total(|isolate| isolate.executor.len() + lock(&isolate.cancellable).len()),
        "invocations": total(|isolate| lock(&isolate.invocations).len()),
        "nodes": total(|isolate| node::of_isolate(isolate.id).len()),
        "running": total(|isolate| {
            node::of_isolate(isolate.id).iter().filter(|node| node.is_running()).count()
        }),
        "values": total(|isolate| isolate.handles.len()),
    }))
}

/// The isolate that has been open the longest.
pub fn oldest() -> Option<Arc<Isolate>> {
    lock(isolates()).values().min_by_key(|isolate| isolate.id).cloned()
}

/// Ends an isolate: its thread is about to go. Whoever waits for one of its handlers gets an error,
/// and its nodes are stopped in the core.
pub fn close(id: u32) {
    let Some(isolate) = lock(isolates()).remove(&id) else {
        return;
    };
    lock(&isolate.bell).take();
    isolate.executor.clear();
    let cancellable = std::mem::take(&mut *lock(&isolate.cancellable));
    cancellable.into_values().for_each(|cancel| cancel());
    isolate.outbox.close();
    let invocations = std::mem::take(&mut *lock(&isolate.invocations));
    invocations.into_values().for_each(|replied| replied(Err(has_ended())));
    isolate.handles.clear();
    node::drop_all_of(id);
}

fn has_ended() -> Error {
    Error::new(Code::Stopped, "The JavaScript thread of the handler has ended")
}

impl Isolate {
    /// Makes JavaScript call `exchange`, unless it is just in there.
    pub fn ring(self: &Arc<Self>) {
        if self.exchanging.load(Ordering::Acquire) && std::thread::current().id() == self.thread {
            return;
        }
        if !self.rung.swap(true, Ordering::AcqRel) {
            let isolate = self.clone();
            wakeups::wake(move || {
                if let Some(bell) = &*lock(&isolate.bell) {
                    bell();
                }
            });
        }
    }

    fn post(self: &Arc<Self>, kind: u8, write: impl FnOnce(&mut Vec<u8>)) {
        self.outbox.post(kind, write);
        self.ring();
    }

    /// Settles a call of JavaScript.
    pub fn settle(self: &Arc<Self>, call: u32, outcome: Outcome) {
        match outcome {
            Outcome::Value(value) => self.post(kind::RESULT, |out| {
                put_u32(out, call);
                out.extend_from_slice(&value);
            }),
            Outcome::Error(error) => self.post(kind::ERROR, |out| {
                put_u32(out, call);
                put_sized(out, error.as_bytes());
            }),
            Outcome::Failure(invocation) => self.post(kind::FAILURE, |out| {
                put_u32(out, call);
                put_u32(out, invocation);
            }),
        }
    }

    /// Nobody will ask for the error object of this invocation any more.
    pub fn forget_failure(self: &Arc<Self>, invocation: u32) {
        self.post(kind::FORGET, |out| put_u32(out, invocation));
    }

    /// Tells JavaScript that records of a node wait, or with 0 such as name no node.
    pub fn announce_logs(self: &Arc<Self>, node: u32) {
        self.post(kind::LOGS, |out| put_u32(out, node));
    }

    /// Tells JavaScript that a node writes no more records. False when nobody would hear it.
    pub fn announce_end_of_logs(self: &Arc<Self>, node: u32) -> bool {
        self.post(kind::LOGS_END, |out| put_u32(out, node));
        lock(&self.bell).is_some()
    }

    /// Tells JavaScript of an event that Rust, or a peer, has published.
    pub fn post_event(self: &Arc<Self>, node: u32, channel: u32, topic: &str, payload: &[u8]) {
        self.post(kind::EVENT, |out| {
            put_u32(out, node);
            put_u32(out, channel);
            put_sized(out, topic.as_bytes());
            out.extend_from_slice(payload);
        });
    }

    /// Tells JavaScript, in JSON, that a peer of a node has come, changed or gone.
    pub fn post_peer(self: &Arc<Self>, node: u32, change: &str) {
        self.post(kind::PEER, |out| {
            put_u32(out, node);
            put_sized(out, change.as_bytes());
        });
    }

    /// Calls a JavaScript handler. Returns the number by which it may be given up.
    pub fn begin(
        self: &Arc<Self>,
        handler: Invocation<'_>,
        replied: impl FnOnce(Result<Reply>) + Send + 'static,
    ) -> u32 {
        let invocation = self.last_invocation.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        lock(&self.invocations).insert(invocation, Box::new(replied));
        // After `close` has ended them nobody would answer.
        if lock(&self.bell).is_none() {
            self.ended(invocation, Err(has_ended()));
        }
        self.post(kind::INVOKE, |out| {
            put_u32(out, invocation);
            put_u32(out, handler.node);
            put_u32(out, handler.action);
            put_u32(out, handler.call);
            put_sized(out, handler.topic.as_bytes());
            put_caller(out, handler.caller);
            out.extend_from_slice(handler.payload);
        });
        invocation
    }

    /// Tells JavaScript that nobody waits for a handler any more, unless it has answered.
    pub fn give_up(self: &Arc<Self>, invocation: u32) {
        let replied = lock(&self.invocations).remove(&invocation);
        if replied.is_some() {
            self.post(kind::ABORT, |out| put_u32(out, invocation));
        }
    }

    /// Calls a JavaScript handler and waits for its answer.
    pub async fn invoke(self: &Arc<Self>, handler: Invocation<'_>) -> Result<Reply> {
        let (replied, reply) = oneshot::channel();
        let invocation = self.begin(handler, move |reply| {
            // The receiver is gone when the caller gave up; there is nobody left to tell.
            let _ = replied.send(reply);
        });
        let _given_up = PendingInvocation { isolate: self, invocation };
        reply.await.unwrap_or_else(|_| Err(has_ended()))
    }

    /// Runs a call of JavaScript on this thread, inside the exchanges.
    pub fn run_here(
        self: &Arc<Self>,
        call: CurrentCall,
        future: impl Future<Output = Outcome> + Send + 'static,
    ) {
        self.executor.spawn(self, call, future);
    }

    /// Runs a call of JavaScript on the Runar thread. Its future is never dropped early: dropping a
    /// remote request cuts the connection to the peer.
    pub fn run_spawned(
        self: &Arc<Self>,
        call: CurrentCall,
        future: impl Future<Output = Outcome> + Send + 'static,
    ) {
        let isolate = self.clone();
        let spawned = runtime::spawn(async move {
            let outcome = AssertUnwindSafe(attributed(call, future))
                .catch_unwind()
                .await
                .unwrap_or_else(|payload| Outcome::Error(Error::from_panic(payload).to_json()));
            isolate.settle(call.call, outcome);
        });
        if let Err(error) = spawned {
            self.settle(call.call, Outcome::Error(error.to_json()));
        }
    }

    /// From now on JavaScript may give a call up that runs on the Runar thread.
    pub fn cancellable(self: &Arc<Self>, call: u32) -> Cancellable {
        let (cancel, cancelled) = oneshot::channel();
        self.on_cancel(call, move || {
            // It has just ended by itself.
            let _ = cancel.send(());
        });
        Cancellable { isolate: self.clone(), call, cancelled }
    }

    /// What to do when JavaScript gives a call up.
    pub fn on_cancel(&self, call: u32, cancel: impl FnOnce() + Send + 'static) {
        lock(&self.cancellable).insert(call, Box::new(cancel));
    }

    /// A call has ended by itself.
    pub fn is_over(&self, call: u32) {
        let cancel = lock(&self.cancellable).remove(&call);
        drop(cancel);
    }

    /// Waits until JavaScript has taken most of what there is for it.
    pub async fn room(&self) {
        self.outbox.room().await;
    }

    /// The heart of the crossing. Returns how many bytes of `output` were written or, negated, how
    /// many bytes `output` must have for the next message to fit.
    pub fn exchange(self: &Arc<Self>, input: &[u8], output: &mut [u8]) -> Result<i32> {
        self.rung.store(false, Ordering::Release);
        self.exchanging.store(true, Ordering::Release);
        let _exchanging = Exchanging(self);
        let _context = runtime::handle()?.enter();
        wakeups::of(|| {
            let mut reader = Reader::new(input);
            while !reader.is_empty() {
                self.receive(&mut reader)?;
            }
            let unpolled = self.executor.poll_ready(|call, outcome| self.settle(call, outcome));
            if unpolled {
                self.post(kind::MORE, |_| ());
            }
            Ok(self.outbox.drain(output))
        })
    }

    fn receive(self: &Arc<Self>, reader: &mut Reader<'_>) -> Result<()> {
        let mut message = Reader::new(reader.sized()?);
        let said = message.u8()?;
        let number = message.u32()?;
        match said {
            inbound::REQUEST_ACTION => {
                let node = message.u32()?;
                let topic = message.string()?;
                node::request_action(self, number, node, topic, message.rest());
            }
            inbound::REQUEST_PATH => {
                const STAYS_HELD: u8 = 1;
                const IS_POSITIONAL: u8 = 2;
                let node = message.u32()?;
                let flags = message.u8()?;
                let path = message.string()?;
                let peer = Some(message.string()?).filter(|peer| !peer.is_empty());
                let terms = CallMetadata {
                    timeout_ms: message.u32()?,
                    positional: flags & IS_POSITIONAL != 0,
                    request_id: message.string()?.to_owned(),
                    traceparent: message.string()?.to_owned(),
                };
                let request = Request { path, peer, terms, as_handle: flags & STAYS_HELD != 0 };
                node::request_path(self, number, node, request, message.rest());
            }
            inbound::PUBLISH => {
                let (node, retain_ms) = (message.u32()?, message.u32()?);
                let topic = message.string()?;
                node::publish(self, number, node, topic, message.rest(), retain_ms);
            }
            inbound::REPLY => {
                // A value behind a handle must be found now: it may be released by the next message.
                let bytes = message.rest();
                let returned = match value::value_of_handle(bytes, &self.handles)? {
                    Some(handles) => Payload::Value(handles),
                    None => Payload::Binary(bytes.to_vec()),
                };
                self.ended(number, Ok(Ok(returned)));
            }
            inbound::FAIL => {
                const IS_KEPT: u8 = 1;
                const IS_REFUSAL: u8 = 2;
                let flags = message.u8()?;
                let (kept, refused) = (flags & IS_KEPT != 0, flags & IS_REFUSAL != 0);
                let record = message.string()?.to_owned();
                let failure = JsFailure::new(self, number, kept, refused, record);
                self.ended(number, Ok(Err(failure)));
            }
            inbound::RELEASE => self.handles.drop_value(number),
            inbound::CANCEL => {
                self.executor.cancel(number);
                let cancel = lock(&self.cancellable).remove(&number);
                if let Some(cancel) = cancel {
                    cancel();
                }
            }
            other => {
                return Err(Error::new(
                    Code::Value,
                    format!("JavaScript sent a message of the unknown kind {other}"),
                ))
            }
        }
        Ok(())
    }

    fn ended(&self, invocation: u32, reply: Result<Reply>) {
        // Nobody waits any more for what was given up.
        let replied = lock(&self.invocations).remove(&invocation);
        if let Some(replied) = replied {
            replied(reply);
        }
    }
}

pub struct Cancellable {
    isolate: Arc<Isolate>,
    call: u32,
    cancelled: oneshot::Receiver<()>,
}

impl Cancellable {
    /// Works until it is done, or JavaScript gives the call up.
    pub async fn unless_cancelled<T>(mut self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            biased;
            Ok(()) = &mut self.cancelled => {
                Err(Error::new(Code::Stopped, "The call was given up"))
            }
            outcome = work => outcome,
        }
    }
}

impl Drop for Cancellable {
    fn drop(&mut self) {
        self.isolate.is_over(self.call);
    }
}

/// Who calls from another node, and on which terms.
fn put_caller(out: &mut Vec<u8>, caller: Option<&Caller>) {
    const IS_PEER: u8 = 1;
    const IS_AUTHENTICATED: u8 = 2;
    const IS_POSITIONAL: u8 = 4;
    let Some(Caller { peer, authenticated, terms }) = caller else { return out.push(0) };
    let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
    out.push(
        IS_PEER | flag(*authenticated, IS_AUTHENTICATED) | flag(terms.positional, IS_POSITIONAL),
    );
    put_sized(out, peer.as_bytes());
    put_u32(out, terms.timeout_ms);
    put_sized(out, terms.request_id.as_bytes());
    put_sized(out, terms.traceparent.as_bytes());
}

struct Exchanging<'a>(&'a Isolate);

impl Drop for Exchanging<'_> {
    fn drop(&mut self) {
        self.0.exchanging.store(false, Ordering::Release);
    }
}

/// Tells JavaScript when the caller of a handler gave up before it was answered.
struct PendingInvocation<'a> {
    isolate: &'a Arc<Isolate>,
    invocation: u32,
}

impl Drop for PendingInvocation<'_> {
    fn drop(&mut self) {
        self.isolate.give_up(self.invocation);
    }
}
