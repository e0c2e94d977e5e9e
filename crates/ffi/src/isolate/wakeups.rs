//! Wake-ups that wait until all has been said. Whoever is woken by the first word of many takes it
//! alone, and is woken again for the next.

use std::cell::RefCell;

type WakeUp = Box<dyn FnOnce()>;

thread_local! {
    /// Who is to be woken at the end of the burst of this thread, if it is in one.
    static WAITING: RefCell<Option<Vec<WakeUp>>> = const { RefCell::new(None) };
}

/// Wakes at its end, however that comes.
struct Burst;

impl Drop for Burst {
    fn drop(&mut self) {
        let waiting = WAITING.take();
        waiting.into_iter().flatten().for_each(|wake_up| wake_up());
    }
}

/// Does something as one burst, or as a part of the one that it belongs to.
pub fn of<T>(work: impl FnOnce() -> T) -> T {
    let begins = WAITING.with_borrow_mut(|waiting| {
        let begins = waiting.is_none();
        waiting.get_or_insert_default();
        begins
    });
    // Made for whoever begins alone: even one that nobody keeps would wake when it is dropped.
    let _burst = begins.then(|| Burst);
    work()
}

/// Wakes somebody: at the end of the burst, or now when there is none.
pub fn wake(wake_up: impl FnOnce() + 'static) {
    let mut wake_up = Some(wake_up);
    // A thread that ends has no bursts any more.
    let _ = WAITING.try_with(|waiting| {
        if let Some(waiting) = &mut *waiting.borrow_mut() {
            waiting.extend(wake_up.take().map(|wake_up| Box::new(wake_up) as WakeUp));
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
    fn whoever_is_woken_within_a_burst_finds_all_of_it() {
        let said = Rc::new(RefCell::new(Vec::new()));
        let say = |word| said.borrow_mut().push(word);
        let wake_to_hear = || {
            let said = said.clone();
            wake(move || said.borrow_mut().push("woken"));
        };
        of(|| {
            wake_to_hear();
            of(|| say("one"));
            say("two");
        });
        wake_to_hear();
        say("three");
        assert_eq!(*said.borrow(), ["one", "two", "woken", "woken", "three"]);
    }
}
