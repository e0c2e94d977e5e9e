//! A queue by key: work under the same key runs in the order in which it was enqueued.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;

use crate::sync::lock;

/// Entries exist only while work is queued or running under their key.
#[derive(Default)]
pub struct KeyedQueue {
    /// The last slot of each key.
    last: Mutex<HashMap<String, (u64, oneshot::Receiver<()>)>>,
    count: AtomicU64,
}

/// A slot in the queue of a key. The next slot may run when it is dropped.
pub struct Slot {
    queue: Arc<KeyedQueue>,
    key: String,
    number: u64,
    /// Resolves when the slot before is dropped.
    before: Option<oneshot::Receiver<()>>,
    _done: oneshot::Sender<()>,
}

impl KeyedQueue {
    /// Reserves the next slot.
    pub fn enqueue(self: &Arc<Self>, key: &str) -> Slot {
        let (done, turn) = oneshot::channel();
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let before = lock(&self.last).insert(key.to_owned(), (number, turn));
        Slot {
            queue: self.clone(),
            key: key.to_owned(),
            number,
            before: before.map(|(_, before)| before),
            _done: done,
        }
    }

    /// Whether work is queued or running under a key.
    pub fn is_queued(&self, key: &str) -> bool {
        lock(&self.last).contains_key(key)
    }
}

impl Slot {
    /// Runs work once all earlier slots are done.
    pub async fn run<F: Future>(mut self, work: F) -> F::Output {
        if let Some(before) = self.before.take() {
            // An error says that the slot before was dropped, which is what is awaited.
            let _ = before.await;
        }
        work.await
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut last = lock(&self.queue.last);
        if last.get(&self.key).is_some_and(|(number, _)| *number == self.number) {
            last.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_under_one_key_keeps_its_order_and_leaves_nothing() {
        let queue = Arc::new(KeyedQueue::default());
        let done = Arc::new(Mutex::new(Vec::new()));
        let work = |key: &str, number: u32| {
            let done = done.clone();
            queue.enqueue(key).run(async move {
                // The earlier, the slower.
                for _ in number..10 {
                    tokio::task::yield_now().await;
                }
                lock(&done).push(number);
            })
        };
        let futures: Vec<_> = (0..10).rev().map(|n| work("a", n)).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        assert!(runtime.is_ok());
        if let Ok(runtime) = runtime {
            // Polled in the reverse order, which changes nothing.
            runtime.block_on(futures_util::future::join_all(futures.into_iter().rev()));
        }
        assert_eq!(*lock(&done), (0..10).rev().collect::<Vec<u32>>());
        assert!(lock(&queue.last).is_empty());
    }
}
