//! The exports of nodes.

use std::time::Duration;

use napi::bindgen_prelude::Uint8ArraySlice;
use napi_derive::napi;

use crate::config::LevelFilter;
use crate::error::{guard, Code, Error};
use crate::node::create;
use crate::node::registry::{drop_node, find};

/// Checks a config (JSON) and makes a node of it, with the keys given, which must be enrolled, or
/// else with keys of its own. Nothing runs until `nodeStart`.
#[napi]
pub fn node_create(
    isolate: u32,
    config: String,
    keys: Option<Uint8ArraySlice<'_>>,
    authorizes: bool,
) -> napi::Result<u32> {
    guard(|| create::create(isolate, &config, keys.as_deref(), authorizes))
}

/// Settles `call` with the node's id and addresses: `{ id, addresses }`.
#[napi]
pub fn node_start(node: u32, call: u32) -> napi::Result<()> {
    guard(|| find(node)?.start(call))
}

#[napi]
pub fn node_stop(node: u32, call: u32) -> napi::Result<()> {
    guard(|| find(node)?.stop(call))
}

/// Forgets a node; one that runs is stopped.
#[napi]
pub fn node_drop(node: u32) -> napi::Result<()> {
    guard(|| {
        drop_node(node);
        Ok(())
    })
}

/// Adds a service, described as JSON. Returns the number of its first action, and settles `call`
/// when the core knows it.
#[napi]
pub fn node_add_service(node: u32, call: u32, definition: String) -> napi::Result<u32> {
    guard(|| find(node)?.add_service(call, &definition))
}

#[napi]
pub fn node_remove_service(node: u32, call: u32, path: String) -> napi::Result<()> {
    guard(|| find(node)?.remove_service(call, path))
}

/// Starts a service of the node that is written in Rust. Settles `call` with the address of a
/// gateway; other services have no result.
#[napi]
pub fn node_start_rust_service(node: u32, call: u32, path: String) -> napi::Result<()> {
    guard(|| find(node)?.start_rust_service(call, &path))
}

#[napi]
pub fn node_stop_rust_service(node: u32, call: u32, path: String) -> napi::Result<()> {
    guard(|| find(node)?.stop_rust_service(call, &path))
}

/// Subscribes to a topic or pattern. Its events have the number `channel`.
#[napi]
pub fn node_subscribe(node: u32, channel: u32, topic: String) -> napi::Result<()> {
    guard(|| find(node)?.subscribe(channel, topic))
}

/// Connects to a peer, within a time, and keeps the connection. Settles `call` with its id.
#[napi]
pub fn node_connect(
    node: u32,
    call: u32,
    public_key: String,
    addresses: Vec<String>,
    timeout_ms: u32,
) -> napi::Result<()> {
    let wait = Duration::from_millis(timeout_ms.into());
    guard(|| find(node)?.connect(call, &public_key, addresses, wait))
}

/// Closes the connections to a peer, and stops dialling it.
#[napi]
pub fn node_disconnect(node: u32, peer: String) -> napi::Result<()> {
    guard(|| find(node)?.disconnect(&peer))
}

/// Announces to peers whether a service of the node may be called.
#[napi]
pub fn node_offer(node: u32, path: String, offered: bool) -> napi::Result<()> {
    guard(|| find(node)?.offer(&path, offered))
}

/// Announces to peers whether the node subscribes to a topic or pattern.
#[napi]
pub fn node_listen(node: u32, topic: String, listening: bool) -> napi::Result<()> {
    guard(|| {
        find(node)?.listen(&topic, listening);
        Ok(())
    })
}

/// Sets the level of the core's records for a node, or for one component of it.
#[napi]
pub fn node_set_log_level(node: u32, level: String, component: Option<String>) -> napi::Result<()> {
    guard(|| {
        let level: LevelFilter = serde_json::from_value(level.clone().into()).map_err(|_| {
            Error::new(
                Code::InvalidArgument,
                format!(
                    "{level:?} is no log level; known are trace, debug, info, warn, error, off"
                ),
            )
        })?;
        find(node)?.set_log_level(level, component);
        Ok(())
    })
}
