//! Work on the same thing, one after another, in the order in which it was asked for.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;

use crate::sync::lock;

/// Queues by name. A name is known only while somebody waits or works under it.
#[derive(Default)]
pub struct KeyedQueue {
    last: Mutex<HashMap<String, (u64, oneshot::Receiver<()>)>>,
    count: AtomicU64,
}

/// A place in the queue of a name; the next one's turn comes when it is dropped.
pub struct Slot {
    turns: Arc<KeyedQueue>,
    name: String,
    number: u64,
    before: Option<oneshot::Receiver<()>>,
    _done: oneshot::Sender<()>,
}

impl KeyedQueue {
    /// Takes a place, now.
    pub fn queue(self: &Arc<Self>, name: &str) -> Slot {
        let (done, turn) = oneshot::channel();
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let before = lock(&self.last).insert(name.to_owned(), (number, turn));
        Slot {
            turns: self.clone(),
            name: name.to_owned(),
            number,
            before: before.map(|(_, before)| before),
            _done: done,
        }
    }

    /// Whether somebody waits or works under a name.
    pub fn is_queued(&self, name: &str) -> bool {
        lock(&self.last).contains_key(name)
    }
}

impl Slot {
    /// Does the work when all that was asked for before has been done.
    pub async fn take<F: Future>(mut self, work: F) -> F::Output {
        if let Some(before) = self.before.take() {
            // An error says that the one before is gone, which is what is waited for.
            let _ = before.await;
        }
        work.await
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut last = lock(&self.turns.last);
        if last.get(&self.name).is_some_and(|(number, _)| *number == self.number) {
            last.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_under_one_name_keeps_its_order_and_leaves_nothing() {
        let turns = Arc::new(KeyedQueue::default());
        let done = Arc::new(Mutex::new(Vec::new()));
        let work = |name: &str, number: u32| {
            let done = done.clone();
            turns.queue(name).take(async move {
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
        assert!(lock(&turns.last).is_empty());
    }
}
