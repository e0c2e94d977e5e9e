//! Wake-ups that are deferred to the end of a batch of work. A consumer that is woken in the middle
//! of a batch takes one item alone, and is woken again for the next.

use std::cell::RefCell;

type WakeUp = Box<dyn FnOnce()>;

thread_local! {
    /// The wake-ups deferred on this thread; `None` outside of a batch.
    static DEFERRED: RefCell<Option<Vec<WakeUp>>> = const { RefCell::new(None) };
}

/// Runs the deferred wake-ups when it is dropped, a panic included.
struct Batch;

impl Drop for Batch {
    fn drop(&mut self) {
        let deferred = DEFERRED.take();
        deferred.into_iter().flatten().for_each(|wake_up| wake_up());
    }
}

/// Runs work as one batch, or as a part of the batch that it is called in.
pub fn batch<T>(work: impl FnOnce() -> T) -> T {
    let is_outermost = DEFERRED.with_borrow_mut(|deferred| {
        let is_outermost = deferred.is_none();
        deferred.get_or_insert_default();
        is_outermost
    });
    // Not `then_some`: a `Batch` that is made and not kept would wake when it is dropped.
    let _batch = is_outermost.then(|| Batch);
    work()
}

/// Wakes at the end of the batch, or now when there is none.
pub fn wake(wake_up: impl FnOnce() + 'static) {
    let mut wake_up = Some(wake_up);
    // A thread that ends has no batches any more.
    let _ = DEFERRED.try_with(|deferred| {
        if let Some(deferred) = &mut *deferred.borrow_mut() {
            deferred.extend(wake_up.take().map(|wake_up| Box::new(wake_up) as WakeUp));
        }
    });
    if let Some(wake_up) = wake_up {
        wake_up();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;

    #[test]
    fn a_wake_up_within_a_batch_comes_after_all_of_its_work() {
        let log = Rc::new(RefCell::new(Vec::new()));
        let say = |word| log.borrow_mut().push(word);
        let schedule = || {
            let log = log.clone();
            wake(move || log.borrow_mut().push("woken"));
        };
        batch(|| {
            schedule();
            batch(|| say("one"));
            say("two");
        });
        schedule();
        say("three");
        assert_eq!(*log.borrow(), ["one", "two", "woken", "woken", "three"]);
    }
}
