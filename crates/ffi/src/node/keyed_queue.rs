//! A queue by key: work under the same key runs in the order in which it was enqueued.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use futures_util::future::{maybe_done, BoxFuture, MaybeDone};
use futures_util::FutureExt;
use tokio::sync::OwnedMutexGuard;

use crate::sync::lock;

/// A mutex for each key, which is fair. It exists only while work is queued or running.
#[derive(Default)]
pub struct KeyedQueue {
    mutexes: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

/// A slot in the queue of a key. The next slot may run when it is dropped.
pub struct Slot {
    queue: Arc<KeyedQueue>,
    key: String,
    turn: MaybeDone<BoxFuture<'static, OwnedMutexGuard<()>>>,
}

impl KeyedQueue {
    /// Reserves the next slot.
    pub fn enqueue(self: &Arc<Self>, key: &str) -> Slot {
        let mutex = lock(&self.mutexes).entry(key.to_owned()).or_default().clone();
        let mut turn = maybe_done(mutex.lock_owned().boxed());
        // The mutex takes a future into its queue at the first poll. The task that runs the work polls again.
        let _ = turn.poll_unpin(&mut Context::from_waker(Waker::noop()));
        Slot { queue: self.clone(), key: key.to_owned(), turn }
    }

    /// Whether work is queued or running under a key.
    pub fn is_queued(&self, key: &str) -> bool {
        lock(&self.mutexes).contains_key(key)
    }
}

impl Slot {
    /// Runs work once all earlier slots are done.
    pub async fn run<F: Future>(mut self, work: F) -> F::Output {
        (&mut self.turn).await;
        work.await
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut mutexes = lock(&self.queue.mutexes);
        self.turn = MaybeDone::Gone;
        // Other slots of the key would hold the mutex too.
        if mutexes.get(&self.key).is_some_and(|mutex| Arc::strong_count(mutex) == 1) {
            mutexes.remove(&self.key);
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
        assert!(lock(&queue.mutexes).is_empty());
    }

    #[test]
    fn a_slot_that_is_dropped_lets_no_later_slot_overtake_an_earlier_one() {
        let queue = Arc::new(KeyedQueue::default());
        let [first, second, third] = [(); 3].map(|()| queue.enqueue("a"));
        drop(second);
        let mut third = Box::pin(third.run(std::future::ready(())));
        assert!((&mut third).now_or_never().is_none());
        assert!(first.run(std::future::ready(())).now_or_never().is_some());
        assert!(third.now_or_never().is_some());
        assert!(!queue.is_queued("a"));
    }
}
