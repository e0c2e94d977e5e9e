//! Futures that are polled on an isolate's own thread, inside its exchanges. A waker that fires
//! there costs no thread hop; one that fires elsewhere rings the isolate.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Wake, Waker};

use rustc_hash::FxHashMap;
use slab::Slab;

use crate::call::{attributed, CurrentCall, Outcome};
use crate::error::Error;
use crate::isolate::Isolate;
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
            lock(&isolate.executor.ready).push_back(self.key);
            isolate.ring();
        }
    }
}

#[derive(Default)]
pub struct Executor {
    /// The tasks whose wakers have fired.
    ready: Mutex<VecDeque<usize>>,
    tasks: Mutex<Slab<Task>>,
    by_call: Mutex<FxHashMap<u32, usize>>,
}

impl Executor {
    pub fn len(&self) -> usize {
        lock(&self.tasks).len()
    }

    pub fn clear(&self) {
        // Taken out under the lock, dropped after it: a drop may wake other tasks.
        let tasks = std::mem::take(&mut *lock(&self.tasks));
        drop(tasks);
    }

    pub fn spawn(
        &self,
        isolate: &Arc<Isolate>,
        call: CurrentCall,
        future: impl Future<Output = Outcome> + Send + 'static,
    ) {
        let mut tasks = lock(&self.tasks);
        let entry = tasks.vacant_entry();
        let key = entry.key();
        let queued = Arc::new(TaskWaker {
            isolate: Arc::downgrade(isolate),
            key,
            queued: AtomicBool::new(true),
        });
        entry.insert(Task {
            call: call.call,
            future: Box::pin(attributed(call, future)),
            waker: Waker::from(queued.clone()),
            queued,
        });
        drop(tasks);
        lock(&self.by_call).insert(call.call, key);
        lock(&self.ready).push_back(key);
    }

    pub fn cancel(&self, call: u32) {
        let Some(key) = lock(&self.by_call).remove(&call) else { return };
        let task = lock(&self.tasks).try_remove(key);
        drop(task);
    }

    /// Polls what is ready, and tells what has come to its end. Says whether there is more to poll.
    pub fn poll_ready(&self, ended: impl Fn(u32, Outcome)) -> bool {
        for _ in 0..MAX_POLLS {
            let Some(key) = lock(&self.ready).pop_front() else {
                return false;
            };
            let Some((mut future, waker, queued, call)) = self.borrow(key) else {
                continue;
            };
            queued.queued.store(false, Ordering::Release);
            let polled = catch_unwind(AssertUnwindSafe(|| {
                future.as_mut().poll(&mut Context::from_waker(&waker))
            }));
            let outcome = match polled {
                Ok(Poll::Pending) => {
                    self.give_back(key, future);
                    continue;
                }
                Ok(Poll::Ready(outcome)) => outcome,
                Err(payload) => Outcome::Error(Error::from_panic(payload).to_json()),
            };
            lock(&self.tasks).try_remove(key);
            lock(&self.by_call).remove(&call);
            ended(call, outcome);
        }
        !lock(&self.ready).is_empty()
    }

    /// A task is polled outside the lock: its future may start or wake others.
    fn borrow(&self, key: usize) -> Option<(LocalFuture, Waker, Arc<TaskWaker>, u32)> {
        let mut tasks = lock(&self.tasks);
        let task = tasks.get_mut(key)?;
        let future = std::mem::replace(&mut task.future, Box::pin(std::future::pending()));
        Some((future, task.waker.clone(), task.queued.clone(), task.call))
    }

    fn give_back(&self, key: usize, future: LocalFuture) {
        if let Some(task) = lock(&self.tasks).get_mut(key) {
            task.future = future;
        }
    }
}
