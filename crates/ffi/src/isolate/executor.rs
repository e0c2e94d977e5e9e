//! The executor of an isolate: futures that are polled on its own thread, inside its exchanges. A
//! waker that fires there costs no thread hop; one that fires elsewhere notifies the isolate.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use rustc_hash::FxHashMap;
use slab::Slab;

use super::notifier::Notifier;
use crate::call::{attributed, CurrentCall, Outcome};
use crate::error::Error;
use crate::sync::lock;

/// How many futures one exchange may poll before it returns, so that the event loop breathes.
const MAX_POLLS: usize = 1024;

type LocalFuture = Pin<Box<dyn Future<Output = Outcome> + Send>>;

struct Task {
    call: u32,
    future: LocalFuture,
    waker: Waker,
    queued: Arc<TaskWaker>,
}

/// The keys of the tasks whose wakers have fired.
struct ReadyQueue {
    keys: Mutex<VecDeque<usize>>,
    notifier: Arc<Notifier>,
}

struct TaskWaker {
    ready: Arc<ReadyQueue>,
    key: usize,
    /// Whether the key is in the queue.
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
        lock(&self.ready.keys).push_back(self.key);
        self.ready.notifier.notify();
    }
}

pub struct Executor {
    ready: Arc<ReadyQueue>,
    tasks: Mutex<Slab<Task>>,
    /// The keys of tasks by their calls.
    by_call: Mutex<FxHashMap<u32, usize>>,
}

impl Executor {
    pub fn new(notifier: Arc<Notifier>) -> Self {
        let ready = Arc::new(ReadyQueue { keys: Mutex::default(), notifier });
        Self { ready, tasks: Mutex::default(), by_call: Mutex::default() }
    }

    pub fn len(&self) -> usize {
        lock(&self.tasks).len()
    }

    pub fn clear(&self) {
        // Dropped outside the lock: a drop may wake other tasks.
        let tasks = std::mem::take(&mut *lock(&self.tasks));
        drop(tasks);
    }

    pub fn spawn(&self, call: CurrentCall, future: impl Future<Output = Outcome> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        let entry = tasks.vacant_entry();
        let key = entry.key();
        let queued =
            Arc::new(TaskWaker { ready: self.ready.clone(), key, queued: AtomicBool::new(true) });
        entry.insert(Task {
            call: call.call,
            future: Box::pin(attributed(call, future)),
            waker: Waker::from(queued.clone()),
            queued,
        });
        drop(tasks);
        lock(&self.by_call).insert(call.call, key);
        lock(&self.ready.keys).push_back(key);
    }

    pub fn cancel(&self, call: u32) {
        let Some(key) = lock(&self.by_call).remove(&call) else { return };
        let task = lock(&self.tasks).try_remove(key);
        drop(task);
    }

    /// Polls the tasks that are ready and reports their outcomes. Returns whether some are left.
    pub fn poll_ready(&self, on_complete: impl Fn(u32, Outcome)) -> bool {
        for _ in 0..MAX_POLLS {
            let Some(key) = lock(&self.ready.keys).pop_front() else {
                return false;
            };
            let Some((mut future, waker, queued, call)) = self.take_future(key) else {
                continue;
            };
            queued.queued.store(false, Ordering::Release);
            let polled = catch_unwind(AssertUnwindSafe(|| {
                future.as_mut().poll(&mut Context::from_waker(&waker))
            }));
            let outcome = match polled {
                Ok(Poll::Pending) => {
                    self.put_back(key, future);
                    continue;
                }
                Ok(Poll::Ready(outcome)) => outcome,
                Err(payload) => Outcome::Error(Error::from_panic(payload).to_json()),
            };
            lock(&self.tasks).try_remove(key);
            lock(&self.by_call).remove(&call);
            on_complete(call, outcome);
        }
        !lock(&self.ready.keys).is_empty()
    }

    /// Takes the future of a task, which is polled outside the lock: it may start or wake other
    /// tasks.
    fn take_future(&self, key: usize) -> Option<(LocalFuture, Waker, Arc<TaskWaker>, u32)> {
        let mut tasks = lock(&self.tasks);
        let task = tasks.get_mut(key)?;
        let future = std::mem::replace(&mut task.future, Box::pin(std::future::pending()));
        Some((future, task.waker.clone(), task.queued.clone(), task.call))
    }

    fn put_back(&self, key: usize, future: LocalFuture) {
        if let Some(task) = lock(&self.tasks).get_mut(key) {
            task.future = future;
        }
    }
}
