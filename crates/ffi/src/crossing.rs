//! The queues to and from JavaScript.
//!
//! Each isolate (a JavaScript thread that loaded the addon) has one `Isolate`. `exchange` takes all
//! that JavaScript has to say, polls what can go on, and returns all that Rust has to say. Futures
//! whose both ends are in the isolate are polled right there, inside the exchange; their wakers,
//! when they fire there, cost no thread hop. Whatever another thread finishes rings the isolate's
//! one weak threadsafe function, which makes JavaScript call `exchange` again.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::ThreadId;

use futures_util::FutureExt;
use runar_logging_bridge::Queue;
use rustc_hash::FxHashMap;
use slab::Slab;
use tokio::sync::oneshot;

use crate::error::{Code, Error, Result};
use crate::failure::JsFailure;
use crate::value::{put_sized, put_u32, Reader};
use crate::{node, runtime};

/// What JavaScript says; `sdk/src/wire.ts` has the same numbers.
mod inbound {
    pub const REQUEST_ACTION: u8 = 1;
    pub const REQUEST_PATH: u8 = 2;
    pub const REPLY: u8 = 3;
    pub const FAIL: u8 = 4;
    pub const CANCEL: u8 = 5;
    pub const PUBLISH: u8 = 6;
}

/// What Rust says; `sdk/src/wire.ts` has the same numbers.
mod outbound {
    pub const INVOKE: u8 = 1;
    pub const RESULT: u8 = 2;
    pub const ERROR: u8 = 3;
    pub const FAILURE: u8 = 4;
    pub const FORGET: u8 = 5;
    pub const ABORT: u8 = 6;
    pub const LOGS: u8 = 7;
    pub const MORE: u8 = 8;
    pub const EVENT: u8 = 9;
}

/// How many futures one exchange may poll before it returns, so that the event loop breathes.
const MAX_POLLS: usize = 1024;

/// A lock is poisoned only by a panic, which the guard has already reported; the data behind every
/// lock of this crate stays whole because no invariant spans more than one statement.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Rings JavaScript; the napi side of it lives in `lib.rs`.
pub type Bell = Box<dyn Fn() + Send + Sync>;

/// A handler's answer: the value in binary form, or its failure.
pub type Reply = std::result::Result<Vec<u8>, JsFailure>;

/// The call of this process on whose behalf the current future is polled.
#[derive(Clone, Copy)]
pub struct CurrentCall {
    pub isolate: u32,
    pub node: u32,
    pub call: u32,
    pub kind: CallKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// Payload and result are values of the core.
    Translated,
    /// Payload and result are in binary form: both ends are in the same isolate.
    Opaque,
    /// An event of the isolate, which delivers it to its own subscribers itself.
    Publish,
}

thread_local! {
    static CURRENT_CALL: Cell<Option<CurrentCall>> = const { Cell::new(None) };
}

pub fn current_call() -> Option<CurrentCall> {
    CURRENT_CALL.get()
}

/// Polls a future with `CURRENT_CALL` set.
async fn attributed<F: Future>(call: CurrentCall, future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|context| {
        let outer = CURRENT_CALL.replace(Some(call));
        let polled = future.as_mut().poll(context);
        CURRENT_CALL.set(outer);
        polled
    })
    .await
}

/// What a call of JavaScript comes to.
pub enum Outcome {
    /// A value in binary form.
    Value(Vec<u8>),
    /// The JSON of an error.
    Error(String),
    /// A JavaScript handler of this isolate failed; the error object waits there under its number.
    Failure(u32),
}

impl From<Result<Vec<u8>>> for Outcome {
    fn from(result: Result<Vec<u8>>) -> Self {
        match result {
            Ok(value) => Outcome::Value(value),
            Err(error) => Outcome::Error(error.to_json()),
        }
    }
}

type LocalFuture = Pin<Box<dyn Future<Output = Outcome> + Send>>;

struct LocalTask {
    call: u32,
    future: LocalFuture,
    waker: Waker,
    queued: Arc<TaskWaker>,
}

struct TaskWaker {
    isolate: Weak<Isolate>,
    key: usize,
    queued: AtomicBool,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.queued.swap(true, Ordering::AcqRel) {
            return;
        }
        if let Some(isolate) = self.isolate.upgrade() {
            lock(&isolate.ready).push_back(self.key);
            isolate.ring();
        }
    }
}

/// Counters of what the addon holds for an isolate; all zero when nothing is under way.
pub struct Live {
    pub tasks: usize,
    pub invocations: usize,
    pub nodes: usize,
}

pub struct Isolate {
    pub id: u32,
    thread: ThreadId,
    bell: Mutex<Option<Bell>>,
    rung: AtomicBool,
    exchanging: AtomicBool,
    outbox: Mutex<Outbox>,
    ready: Mutex<VecDeque<usize>>,
    tasks: Mutex<Slab<LocalTask>>,
    task_of_call: Mutex<FxHashMap<u32, usize>>,
    invocations: Mutex<FxHashMap<u32, oneshot::Sender<Reply>>>,
    last_invocation: AtomicU32,
    pub logs: Queue,
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
        outbox: Mutex::default(),
        ready: Mutex::default(),
        tasks: Mutex::default(),
        task_of_call: Mutex::default(),
        invocations: Mutex::default(),
        last_invocation: AtomicU32::new(0),
        logs: Queue::default(),
    });
    lock(isolates()).insert(id, isolate);
    id
}

pub fn find(id: u32) -> Result<Arc<Isolate>> {
    lock(isolates()).get(&id).cloned().ok_or_else(|| {
        Error::new(Code::Stopped, "This JavaScript thread has closed its side of the addon")
    })
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
    lock(&isolate.tasks).clear();
    lock(&isolate.invocations).clear();
    node::drop_all_of(id);
}

impl Isolate {
    /// Makes JavaScript call `exchange`, unless it is just in there.
    pub fn ring(&self) {
        if self.exchanging.load(Ordering::Acquire) && std::thread::current().id() == self.thread {
            return;
        }
        if !self.rung.swap(true, Ordering::AcqRel) {
            if let Some(bell) = &*lock(&self.bell) {
                bell();
            }
        }
    }

    pub fn live(&self) -> Live {
        Live {
            tasks: lock(&self.tasks).len(),
            invocations: lock(&self.invocations).len(),
            nodes: node::count_of(self.id),
        }
    }

    fn post(&self, kind: u8, write: impl FnOnce(&mut Vec<u8>)) {
        {
            let bytes = &mut lock(&self.outbox).bytes;
            let start = bytes.len();
            put_u32(bytes, 0);
            bytes.push(kind);
            write(bytes);
            let length = (bytes.len() - start - 4) as u32;
            bytes[start..start + 4].copy_from_slice(&length.to_le_bytes());
        }
        self.ring();
    }

    /// Settles a call of JavaScript.
    pub fn settle(&self, call: u32, outcome: Outcome) {
        match outcome {
            Outcome::Value(value) => self.post(outbound::RESULT, |out| {
                put_u32(out, call);
                out.extend_from_slice(&value);
            }),
            Outcome::Error(error) => self.post(outbound::ERROR, |out| {
                put_u32(out, call);
                put_sized(out, error.as_bytes());
            }),
            Outcome::Failure(invocation) => self.post(outbound::FAILURE, |out| {
                put_u32(out, call);
                put_u32(out, invocation);
            }),
        }
    }

    /// Nobody will ask for the error object of this invocation any more.
    pub fn forget_failure(&self, invocation: u32) {
        self.post(outbound::FORGET, |out| put_u32(out, invocation));
    }

    /// Tells JavaScript of an event that Rust, or a peer, has published.
    pub fn post_event(&self, node: u32, channel: u32, topic: &str, payload: &[u8]) {
        self.post(outbound::EVENT, |out| {
            put_u32(out, node);
            put_u32(out, channel);
            put_sized(out, topic.as_bytes());
            out.extend_from_slice(payload);
        });
    }

    /// Calls a JavaScript handler. `call` is the call of this isolate behind it, 0 for none.
    pub async fn invoke(
        self: &Arc<Self>,
        node: u32,
        action: u32,
        call: u32,
        topic: &str,
        payload: &[u8],
    ) -> Result<Reply> {
        let invocation = self.last_invocation.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let (sender, receiver) = oneshot::channel();
        lock(&self.invocations).insert(invocation, sender);
        // After `close` has cleared them nobody would answer.
        if lock(&self.bell).is_none() {
            lock(&self.invocations).remove(&invocation);
        }
        let mut pending = PendingInvocation { isolate: self, invocation, answered: false };
        self.post(outbound::INVOKE, |out| {
            put_u32(out, invocation);
            put_u32(out, node);
            put_u32(out, action);
            put_u32(out, call);
            put_sized(out, topic.as_bytes());
            out.extend_from_slice(payload);
        });
        let reply = receiver.await;
        pending.answered = true;
        reply.map_err(|_| {
            Error::new(Code::Stopped, "The JavaScript thread of the handler has ended")
        })
    }

    /// Runs a call of JavaScript on this thread, inside the exchanges.
    pub fn run_here(
        self: &Arc<Self>,
        call: CurrentCall,
        future: impl Future<Output = Outcome> + Send + 'static,
    ) {
        let mut tasks = lock(&self.tasks);
        let entry = tasks.vacant_entry();
        let key = entry.key();
        let queued = Arc::new(TaskWaker {
            isolate: Arc::downgrade(self),
            key,
            queued: AtomicBool::new(true),
        });
        entry.insert(LocalTask {
            call: call.call,
            future: Box::pin(attributed(call, future)),
            waker: Waker::from(queued.clone()),
            queued,
        });
        drop(tasks);
        lock(&self.task_of_call).insert(call.call, key);
        lock(&self.ready).push_back(key);
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

    fn cancel(&self, call: u32) {
        let Some(key) = lock(&self.task_of_call).remove(&call) else {
            return;
        };
        // Taken out under the lock, dropped after it: the drop may wake other tasks.
        let task = lock(&self.tasks).try_remove(key);
        drop(task);
    }

    fn poll_ready(&self) -> bool {
        for _ in 0..MAX_POLLS {
            let Some(key) = lock(&self.ready).pop_front() else {
                return false;
            };
            let Some((mut future, waker, queued, call)) = self.borrow_task(key) else {
                continue;
            };
            queued.queued.store(false, Ordering::Release);
            let polled = catch_unwind(AssertUnwindSafe(|| {
                future.as_mut().poll(&mut Context::from_waker(&waker))
            }));
            let outcome = match polled {
                Ok(Poll::Pending) => {
                    self.return_task(key, future);
                    continue;
                }
                Ok(Poll::Ready(outcome)) => outcome,
                Err(payload) => Outcome::Error(Error::from_panic(payload).to_json()),
            };
            lock(&self.tasks).try_remove(key);
            lock(&self.task_of_call).remove(&call);
            self.settle(call, outcome);
        }
        !lock(&self.ready).is_empty()
    }

    /// A task is polled outside the lock: its future may start or wake others.
    fn borrow_task(&self, key: usize) -> Option<(LocalFuture, Waker, Arc<TaskWaker>, u32)> {
        let mut tasks = lock(&self.tasks);
        let task = tasks.get_mut(key)?;
        let future = std::mem::replace(&mut task.future, Box::pin(std::future::pending()));
        Some((future, task.waker.clone(), task.queued.clone(), task.call))
    }

    fn return_task(&self, key: usize, future: LocalFuture) {
        if let Some(task) = lock(&self.tasks).get_mut(key) {
            task.future = future;
        }
    }

    /// The heart of the crossing. Returns how many bytes of `output` were written or, negated, how
    /// many bytes `output` must have for the next message to fit.
    pub fn exchange(self: &Arc<Self>, input: &[u8], output: &mut [u8]) -> Result<i32> {
        self.rung.store(false, Ordering::Release);
        self.exchanging.store(true, Ordering::Release);
        let _exchanging = Exchanging(self);
        let _context = runtime::handle()?.enter();
        let mut reader = Reader::new(input);
        while !reader.is_empty() {
            self.receive(&mut reader)?;
        }
        let unpolled = self.poll_ready();
        let unsent = self.post_logs();
        if unpolled || unsent {
            self.post(outbound::MORE, |_| ());
        }
        Ok(self.drain(output))
    }

    /// One batch as one JSON text, the form in which most records a second cross. Says whether
    /// there are more.
    fn post_logs(&self) -> bool {
        const BATCH: usize = 512;
        let batch = self.logs.take(BATCH);
        if batch.is_empty() {
            return false;
        }
        match serde_json::to_string(&batch) {
            Ok(text) => self.post(outbound::LOGS, |out| put_sized(out, text.as_bytes())),
            // Records hold text and JSON values only; kept as a record all the same, never silent.
            Err(error) => log::error!("A batch of log records could not be written: {error}"),
        }
        !self.logs.is_empty()
    }

    fn receive(self: &Arc<Self>, reader: &mut Reader<'_>) -> Result<()> {
        let mut message = Reader::new(reader.sized()?);
        let kind = message.u8()?;
        let number = message.u32()?;
        match kind {
            inbound::REQUEST_ACTION => {
                let node = message.u32()?;
                let topic = message.string()?;
                node::request_action(self, number, node, topic, message.rest());
            }
            inbound::REQUEST_PATH => {
                let node = message.u32()?;
                let path = message.string()?;
                node::request_path(self, number, node, path, message.rest());
            }
            inbound::PUBLISH => {
                let (node, retain_ms) = (message.u32()?, message.u32()?);
                let topic = message.string()?;
                node::publish(self, number, node, topic, message.rest(), retain_ms);
            }
            inbound::REPLY => {
                let value = message.rest().to_vec();
                self.reply(number, Ok(value));
            }
            inbound::FAIL => {
                let kept = message.u8()? != 0;
                let record = message.string()?.to_owned();
                self.reply(number, Err(JsFailure::new(self, number, kept, record)));
            }
            inbound::CANCEL => self.cancel(number),
            other => {
                return Err(Error::new(
                    Code::Value,
                    format!("JavaScript sent a message of the unknown kind {other}"),
                ))
            }
        }
        Ok(())
    }

    fn reply(&self, invocation: u32, reply: Reply) {
        if let Some(sender) = lock(&self.invocations).remove(&invocation) {
            // The receiver is gone when the caller gave up; there is nobody left to tell.
            let _ = sender.send(reply);
        }
    }

    fn drain(&self, output: &mut [u8]) -> i32 {
        const MORE: [u8; 5] = [1, 0, 0, 0, outbound::MORE];
        let mut outbox = lock(&self.outbox);
        let Outbox { bytes, taken } = &mut *outbox;
        let room = output.len().saturating_sub(MORE.len());
        let start = *taken;
        let mut end = start;
        while let Some(next) = end_of_message(bytes, end) {
            if next - start > room {
                break;
            }
            end = next;
        }
        if end == start {
            let Some(next) = end_of_message(bytes, start) else { return 0 };
            return i32::try_from(next - start + MORE.len()).map_or(i32::MIN, |needed| -needed);
        }
        let count = end - start;
        output[..count].copy_from_slice(&bytes[start..end]);
        if end == bytes.len() {
            bytes.clear();
            *taken = 0;
            // One large message must not pin its memory for good.
            bytes.shrink_to(1 << 20);
            return count as i32;
        }
        *taken = end;
        output[count..count + MORE.len()].copy_from_slice(&MORE);
        (count + MORE.len()) as i32
    }
}

/// Messages for JavaScript, those before `taken` handed over already.
#[derive(Default)]
struct Outbox {
    bytes: Vec<u8>,
    taken: usize,
}

/// Where the message that begins at `start` ends.
fn end_of_message(bytes: &[u8], start: usize) -> Option<usize> {
    let header = bytes.get(start..start + 4)?;
    let length = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
    Some(start + 4 + length as usize)
}

struct Exchanging<'a>(&'a Isolate);

impl Drop for Exchanging<'_> {
    fn drop(&mut self) {
        self.0.exchanging.store(false, Ordering::Release);
    }
}

/// Tells JavaScript when the caller of a handler gave up before it was answered.
struct PendingInvocation<'a> {
    isolate: &'a Isolate,
    invocation: u32,
    answered: bool,
}

impl Drop for PendingInvocation<'_> {
    fn drop(&mut self) {
        if !self.answered {
            lock(&self.isolate.invocations).remove(&self.invocation);
            self.isolate.post(outbound::ABORT, |out| put_u32(out, self.invocation));
        }
    }
}
