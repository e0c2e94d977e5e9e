//! The registry of the nodes of this process, by their handles.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::FxHashMap;

use super::Node;
use crate::error::{Code, Error, Result};
use crate::sync::lock;
use crate::{logs, runtime};

static NODES: OnceLock<Mutex<FxHashMap<u32, Arc<Node>>>> = OnceLock::new();
static LAST_NODE: AtomicU32 = AtomicU32::new(0);

fn nodes() -> &'static Mutex<FxHashMap<u32, Arc<Node>>> {
    NODES.get_or_init(Mutex::default)
}

pub fn next_id() -> u32 {
    LAST_NODE.fetch_add(1, Ordering::Relaxed) + 1
}

pub fn insert(node: Arc<Node>) {
    lock(nodes()).insert(node.id, node);
}

pub fn find(id: u32) -> Result<Arc<Node>> {
    lock(nodes())
        .get(&id)
        .cloned()
        .ok_or_else(|| Error::new(Code::Stopped, "The node has been closed"))
}

pub fn of_isolate(isolate: u32) -> Vec<Arc<Node>> {
    lock(nodes()).values().filter(|node| node.isolate.id == isolate).cloned().collect()
}

/// Forgets a node and stops it in the core. Its owner is gone, so no caller waits for the stop.
pub fn drop_node(id: u32) {
    let Some(node) = lock(nodes()).remove(&id) else {
        return;
    };
    let stopped = runtime::spawn(async move {
        if let Err(error) = node.core.stop().await {
            log::warn!("A node that was no longer in use could not be stopped: {error}");
        }
        logs::end(node.id);
    });
    if let Err(error) = stopped {
        log::warn!("A node that was no longer in use could not be stopped: {error}");
    }
}
