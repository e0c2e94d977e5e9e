//! An isolate: a JavaScript thread that loaded the addon, with its queues to and from Rust.
//!
//! `exchange` takes all messages of JavaScript, polls the futures that are ready, and returns all
//! messages of Rust. Futures with both ends in the isolate are polled inside the exchange; their
//! wakers, when they fire there, cost no thread hop. A completion on another thread notifies the
//! isolate through its one weak threadsafe function, which makes JavaScript call `exchange` again.

mod executor;
pub mod failure;
pub mod invocation;
mod notifier;
mod outbox;
pub mod registry;
pub mod wakeups;

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use bytes::BufMut;
use futures_util::FutureExt;
use runar_logging_bridge::Queue;
use rustc_hash::FxHashMap;
use tokio::sync::oneshot;

use self::executor::Executor;
use self::failure::{JsFailure, KeptError};
use self::invocation::{Invocation, Reply, ReplyCallback};
use self::notifier::{Callback, Notifier};
use self::outbox::Outbox;
use crate::call::{attributed, CurrentCall, Outcome};
use crate::codec::put_sized;
use crate::error::{Code, Error, Result};
use crate::protocol::to_javascript;
use crate::runtime;
use crate::sync::lock;
use crate::value::HandleTable;

pub struct Isolate {
    pub id: u32,
    notifier: Arc<Notifier>,
    outbox: Arc<Outbox>,
    executor: Executor,
    /// The callbacks of invocations under way.
    invocations: Mutex<FxHashMap<u32, ReplyCallback>>,
    /// How to cancel calls that run outside of the executor.
    cancellers: Mutex<FxHashMap<u32, Box<dyn FnOnce() + Send>>>,
    last_invocation: AtomicU32,
    /// Log records that name no node.
    pub logs: Queue,
    /// The values that JavaScript has by a handle.
    pub handles: HandleTable,
}

fn has_ended() -> Error {
    Error::new(Code::Stopped, "The JavaScript thread of the handler has ended")
}

impl Isolate {
    /// The isolate of the current thread.
    fn new(id: u32, callback: Callback) -> Self {
        let notifier = Arc::new(Notifier::new(callback));
        Self {
            id,
            outbox: Arc::new(Outbox::new(notifier.clone())),
            executor: Executor::new(notifier.clone()),
            notifier,
            invocations: Mutex::default(),
            cancellers: Mutex::default(),
            last_invocation: AtomicU32::new(0),
            logs: Queue::default(),
            handles: HandleTable::default(),
        }
    }

    /// Ends the isolate, whose thread is about to end. Calls under way are cancelled, and callers
    /// of its handlers get an error.
    fn close(&self) {
        self.notifier.close();
        self.executor.clear();
        let cancellers = std::mem::take(&mut *lock(&self.cancellers));
        cancellers.into_values().for_each(|cancel| cancel());
        self.outbox.close();
        let invocations = std::mem::take(&mut *lock(&self.invocations));
        invocations.into_values().for_each(|on_reply| on_reply(Err(has_ended())));
        self.handles.clear();
    }

    /// How many calls of JavaScript are under way.
    pub fn task_count(&self) -> usize {
        self.executor.len() + lock(&self.cancellers).len()
    }

    /// How many calls of JavaScript handlers are under way.
    pub fn invocation_count(&self) -> usize {
        lock(&self.invocations).len()
    }

    /// Settles a call of JavaScript.
    pub fn settle(&self, call: u32, outcome: Outcome) {
        match outcome {
            Outcome::Value(value) => self.outbox.post(to_javascript::RESULT, |out| {
                out.put_u32_le(call);
                out.extend_from_slice(&value);
            }),
            Outcome::Error(error) => self.outbox.post(to_javascript::ERROR, |out| {
                out.put_u32_le(call);
                put_sized(out, error.as_bytes());
            }),
            Outcome::Failure(invocation) => self.outbox.post(to_javascript::FAILURE, |out| {
                out.put_u32_le(call);
                out.put_u32_le(invocation);
            }),
        }
    }

    /// Announces that log records of a node are waiting; 0 stands for records that name no node.
    pub fn announce_logs(&self, node: u32) {
        self.outbox.post(to_javascript::LOGS, |out| out.put_u32_le(node));
    }

    /// Announces that a node writes no more log records. False when the isolate is closed.
    pub fn announce_end_of_logs(&self, node: u32) -> bool {
        self.outbox.post(to_javascript::LOGS_END, |out| out.put_u32_le(node));
        !self.notifier.is_closed()
    }

    /// Delivers an event that Rust, or a peer, has published.
    pub fn post_event(&self, node: u32, channel: u32, topic: &str, payload: &[u8]) {
        self.outbox.post(to_javascript::EVENT, |out| {
            out.put_u32_le(node);
            out.put_u32_le(channel);
            put_sized(out, topic.as_bytes());
            out.extend_from_slice(payload);
        });
    }

    /// Reports, in JSON, that a peer of a node has connected, changed or disconnected.
    pub fn post_peer(&self, node: u32, change: &str) {
        self.outbox.post(to_javascript::PEER, |out| {
            out.put_u32_le(node);
            put_sized(out, change.as_bytes());
        });
    }

    /// Starts a JavaScript handler. Returns the number by which it may be aborted.
    pub fn start(
        &self,
        invocation: &Invocation<'_>,
        on_reply: impl FnOnce(Result<Reply>) + Send + 'static,
    ) -> u32 {
        let number = self.last_invocation.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        lock(&self.invocations).insert(number, Box::new(on_reply));
        // `close` may have ended all invocations just before: this one would get no reply.
        if self.notifier.is_closed() {
            self.complete(number, Err(has_ended()));
        }
        self.outbox.post(to_javascript::INVOKE, |out| {
            out.put_u32_le(number);
            invocation.write(out);
        });
        number
    }

    /// Aborts a handler whose caller waits no longer, unless it has replied.
    pub fn abort(&self, invocation: u32) {
        let on_reply = lock(&self.invocations).remove(&invocation);
        if on_reply.is_some() {
            self.outbox.post(to_javascript::ABORT, |out| out.put_u32_le(invocation));
        }
    }

    /// Calls a JavaScript handler and waits for its reply.
    pub async fn invoke(&self, invocation: &Invocation<'_>) -> Result<Reply> {
        let (sender, reply) = oneshot::channel();
        let number = self.start(invocation, move |reply| {
            // The receiver is gone when the caller waits no longer.
            let _ = sender.send(reply);
        });
        let _abort = AbortOnDrop { isolate: self, invocation: number };
        reply.await.unwrap_or_else(|_| Err(has_ended()))
    }

    /// Takes the value that a handler has returned.
    pub fn complete(&self, invocation: u32, reply: Result<Reply>) {
        // The entry is gone when the handler was aborted.
        let on_reply = lock(&self.invocations).remove(&invocation);
        if let Some(on_reply) = on_reply {
            on_reply(reply);
        }
    }

    /// Takes the failure of a handler. With `is_kept` JavaScript keeps the error object.
    pub fn fail(&self, invocation: u32, record: String, is_kept: bool, is_refusal: bool) {
        let kept = is_kept.then(|| KeptError {
            isolate: self.id,
            invocation,
            outbox: self.outbox.clone(),
        });
        self.complete(invocation, Ok(Err(JsFailure::new(record, kept, is_refusal))));
    }

    /// Runs a call of JavaScript on this thread, inside the exchanges.
    pub fn run_here(
        &self,
        call: CurrentCall,
        future: impl Future<Output = Outcome> + Send + 'static,
    ) {
        self.executor.spawn(call, future);
    }

    /// Runs a call of JavaScript on the Runar thread. Its future is never dropped early: dropping a
    /// remote request of the core cuts the connection to the peer.
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

    /// Makes a call cancellable that runs on the Runar thread.
    pub fn cancellable(self: &Arc<Self>, call: u32) -> Cancellable {
        let (cancel, cancelled) = oneshot::channel();
        self.on_cancel(call, move || {
            // The receiver is gone when the call has just ended.
            let _ = cancel.send(());
        });
        Cancellable { isolate: self.clone(), call, cancelled }
    }

    /// Registers how to cancel a call.
    pub fn on_cancel(&self, call: u32, cancel: impl FnOnce() + Send + 'static) {
        lock(&self.cancellers).insert(call, Box::new(cancel));
    }

    /// Forgets how to cancel a call that has ended.
    pub fn forget_canceller(&self, call: u32) {
        let cancel = lock(&self.cancellers).remove(&call);
        drop(cancel);
    }

    /// Cancels a call, wherever it runs.
    pub fn cancel(&self, call: u32) {
        self.executor.cancel(call);
        let cancel = lock(&self.cancellers).remove(&call);
        if let Some(cancel) = cancel {
            cancel();
        }
    }

    /// Waits until JavaScript has taken most of its messages.
    pub async fn capacity(&self) {
        self.outbox.capacity().await;
    }

    /// One exchange with JavaScript. `receive` takes its messages. Returns how many bytes of
    /// `output` were written or, negated, how many bytes `output` must have for the next message to
    /// fit.
    pub fn exchange(&self, receive: impl FnOnce() -> Result<()>, output: &mut [u8]) -> Result<i32> {
        let _exchanging = self.notifier.begin_exchange();
        let _context = runtime::handle()?.enter();
        wakeups::batch(|| {
            receive()?;
            let has_more = self.executor.poll_ready(|call, outcome| self.settle(call, outcome));
            if has_more {
                self.outbox.post(to_javascript::MORE, |_| ());
            }
            Ok(self.outbox.drain(output))
        })
    }
}

/// A call that JavaScript may cancel.
pub struct Cancellable {
    isolate: Arc<Isolate>,
    call: u32,
    cancelled: oneshot::Receiver<()>,
}

impl Cancellable {
    /// Runs work until it is done or the call is cancelled.
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
        self.isolate.forget_canceller(self.call);
    }
}

/// Aborts a handler when the future that waits for it is dropped.
struct AbortOnDrop<'a> {
    isolate: &'a Isolate,
    invocation: u32,
}

impl Drop for AbortOnDrop<'_> {
    fn drop(&mut self) {
        self.isolate.abort(self.invocation);
    }
}
