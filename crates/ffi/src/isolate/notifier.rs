//! The notification that makes JavaScript call `exchange`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;

use super::wakeups;
use crate::sync::lock;

/// Calls JavaScript; the napi side of it lives with the exports.
pub type Callback = Box<dyn Fn() + Send + Sync>;

pub struct Notifier {
    /// The thread of the isolate.
    thread: ThreadId,
    /// `None` once the isolate is closed.
    callback: Mutex<Option<Callback>>,
    /// Whether JavaScript was notified and has not called `exchange` since.
    is_notified: AtomicBool,
    /// Whether the isolate is inside `exchange`.
    is_exchanging: AtomicBool,
}

/// Marks an exchange as under way until it is dropped.
pub struct Exchanging<'a>(&'a Notifier);

impl Drop for Exchanging<'_> {
    fn drop(&mut self) {
        self.0.is_exchanging.store(false, Ordering::Release);
    }
}

impl Notifier {
    /// The notifier of the current thread.
    pub fn new(callback: Callback) -> Self {
        Self {
            thread: std::thread::current().id(),
            callback: Mutex::new(Some(callback)),
            is_notified: AtomicBool::new(false),
            is_exchanging: AtomicBool::new(false),
        }
    }

    /// Makes JavaScript call `exchange`, unless it is inside it right now.
    pub fn notify(self: &Arc<Self>) {
        if self.is_exchanging.load(Ordering::Acquire) && std::thread::current().id() == self.thread
        {
            return;
        }
        if !self.is_notified.swap(true, Ordering::AcqRel) {
            let notifier = self.clone();
            wakeups::wake(move || {
                if let Some(callback) = &*lock(&notifier.callback) {
                    callback();
                }
            });
        }
    }

    /// Begins an exchange: notifications from its own thread are not needed until it ends.
    pub fn begin_exchange(&self) -> Exchanging<'_> {
        self.is_notified.store(false, Ordering::Release);
        self.is_exchanging.store(true, Ordering::Release);
        Exchanging(self)
    }

    pub fn close(&self) {
        lock(&self.callback).take();
    }

    pub fn is_closed(&self) -> bool {
        lock(&self.callback).is_none()
    }
}
