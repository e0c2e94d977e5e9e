//! Locking.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A lock is poisoned only by a panic, which the guard has already reported; the data behind every
/// lock of this crate stays whole because no invariant spans more than one statement.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
