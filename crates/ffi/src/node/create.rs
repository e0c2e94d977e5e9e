//! Making a node.

use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};

use super::inbound::InboundAdapter;
use super::registry;
use super::Node;
use crate::config::Config;
use crate::error::Result;
use crate::identity::Identity;
use crate::isolate::registry as isolates;
use crate::logs;
use crate::runar::adapter::Core;

/// Makes a node with the given keys, or with keys of its own.
///
/// With `authorizes`, JavaScript decides whether a peer may call a service written in Rust.
pub fn create(
    isolate: u32,
    config: &str,
    key_state: Option<&[u8]>,
    authorizes: bool,
) -> Result<u32> {
    let isolate = isolates::find(isolate)?;
    let config = Config::parse(config)?;
    let identity = key_state.map(|keys| Identity::for_node(keys, &config)).transpose()?;
    let id = registry::next_id();
    let label = logs::register(id, &isolate, &config);
    let inbound = Box::new(InboundAdapter { id, isolate: isolate.clone(), authorizes });
    let node = Node {
        id,
        isolate,
        core: Arc::new(Core::new(label, config, identity, inbound)),
        services: Mutex::default(),
        routes: Mutex::default(),
        last_action: AtomicU32::new(0),
        publishing: Arc::default(),
    };
    registry::insert(Arc::new(node));
    Ok(id)
}
