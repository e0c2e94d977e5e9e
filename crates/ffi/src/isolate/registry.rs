//! The registry of the isolates that are open.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::FxHashMap;

use super::notifier::Callback;
use super::Isolate;
use crate::error::{Code, Error, Result};
use crate::sync::lock;

static ISOLATES: OnceLock<Mutex<FxHashMap<u32, Arc<Isolate>>>> = OnceLock::new();
static LAST_ISOLATE: AtomicU32 = AtomicU32::new(0);

fn isolates() -> &'static Mutex<FxHashMap<u32, Arc<Isolate>>> {
    ISOLATES.get_or_init(Mutex::default)
}

/// Opens an isolate for the current thread.
pub fn open(callback: Callback) -> u32 {
    let id = LAST_ISOLATE.fetch_add(1, Ordering::Relaxed) + 1;
    lock(isolates()).insert(id, Arc::new(Isolate::new(id, callback)));
    id
}

pub fn find(id: u32) -> Result<Arc<Isolate>> {
    lock(isolates()).get(&id).cloned().ok_or_else(|| {
        Error::new(Code::Stopped, "This JavaScript thread has closed its side of the addon")
    })
}

pub fn all() -> Vec<Arc<Isolate>> {
    lock(isolates()).values().cloned().collect()
}

/// The isolate that has been open the longest.
pub fn oldest() -> Option<Arc<Isolate>> {
    lock(isolates()).values().min_by_key(|isolate| isolate.id).cloned()
}

/// Closes an isolate. False when it was closed before.
pub fn close(id: u32) -> bool {
    let isolate = lock(isolates()).remove(&id);
    if let Some(isolate) = &isolate {
        isolate.close();
    }
    isolate.is_some()
}
