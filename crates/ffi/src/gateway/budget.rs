//! How many bytes of bodies a gateway holds at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use super::refusal::Refusal;

/// What all bodies together may have, unless the limit of one is larger.
const LEAST: usize = 128 << 20;

#[derive(Clone)]
pub struct Budget {
    held: Arc<AtomicUsize>,
    limit: usize,
}

impl Budget {
    pub fn new(max_body: usize) -> Self {
        Self { held: Arc::default(), limit: max_body.max(LEAST) }
    }

    #[cfg(test)]
    pub fn of(limit: usize) -> Self {
        Self { held: Arc::default(), limit }
    }

    pub fn open(&self) -> Charge {
        Charge { budget: self.clone(), bytes: 0 }
    }
}

/// The bytes of one body, which are given back when this is dropped.
pub struct Charge {
    budget: Budget,
    bytes: usize,
}

impl Charge {
    pub fn add(&mut self, bytes: usize) -> Result<(), Refusal> {
        let held = self.budget.held.fetch_add(bytes, Ordering::Relaxed);
        self.bytes += bytes;
        match held.saturating_add(bytes) <= self.budget.limit {
            true => Ok(()),
            false => Err(Refusal::overloaded()),
        }
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_is_given_back() {
        let budget = Budget::of(10);
        let (mut one, mut other) = (budget.open(), budget.open());
        assert!(one.add(6).is_ok());
        assert!(other.add(5).is_err());
        drop(other);
        assert!(one.add(4).is_ok());
        assert!(one.add(1).is_err());
        drop(one);
        assert!(budget.open().add(10).is_ok());
    }
}
