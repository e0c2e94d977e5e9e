//! The native addon of runar-ts. This file is its whole surface: every export is here, goes
//! through the guard, and takes numbers, strings and bytes only.

// In unit tests napi registers no exports, so whatever only they use looks dead.
#![cfg_attr(test, allow(dead_code))]
// And so does what only the services written in Rust use, where they are left out.
#![cfg_attr(not(feature = "services"), allow(dead_code, unused_imports))]

mod call;
mod codec;
mod config;
mod error;
#[cfg(feature = "test-fixtures")]
mod fixtures;
mod gateway;
mod identity;
mod isolate;
mod logs;
mod node;
mod peer_call;
mod runar;
mod runtime;
mod sync;
mod value;

use std::time::Duration;

use napi::bindgen_prelude::{BufferSlice, Env, Function, Uint8ArraySlice};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;
use runar_logging_bridge::BatchLimits;

#[cfg(fuzzing)]
pub use crate::runar::network::adversarial::fuzzed;

use crate::config::LevelFilter;
use crate::error::{guard, Code, Error};
use crate::value::ArcValue;

/// Names the addon and the core that it carries.
#[napi]
pub fn hello() -> napi::Result<String> {
    guard(|| {
        Ok(format!("runar-ts-ffi {} with runar_node {}", env!("CARGO_PKG_VERSION"), runar::VERSION))
    })
}

/// Makes Rust look, now and for good, whether errors are to collect backtraces.
#[napi]
pub fn settle_backtraces() -> napi::Result<()> {
    guard(|| {
        // Only the look counts; there is nothing to do with the backtrace.
        let _ = std::backtrace::Backtrace::capture();
        Ok(())
    })
}

/// The table of errors as JSON: `[{ code, class, retryable, meaning }]`.
#[napi]
pub fn error_table() -> napi::Result<String> {
    guard(|| Ok(error::table().to_string()))
}

/// The JSON Schema of the config, as JSON.
#[napi]
pub fn config_schema() -> napi::Result<String> {
    guard(|| Ok(config::schema().to_string()))
}

/// The known name that a mistyped one most likely meant, or null.
#[napi]
pub fn nearest_name(name: String, known: Vec<String>) -> napi::Result<Option<String>> {
    guard(|| Ok(config::nearest(&name, known.iter().map(String::as_str)).map(str::to_owned)))
}

/// Opens this JavaScript thread's side of the crossing. The callback is called, from the event
/// loop, whenever `exchange` has something to return; it does not keep the process alive.
#[napi]
pub fn isolate_open(env: Env, callback: Function<'_, (), ()>) -> napi::Result<u32> {
    let bell = callback
        .build_threadsafe_function::<()>()
        .weak::<true>()
        .callee_handled::<false>()
        .build()?;
    let id = guard(|| {
        Ok(isolate::open(Box::new(move || {
            // An isolate that is closing takes no calls, and needs none.
            let _ = bell.call((), ThreadsafeFunctionCallMode::NonBlocking);
        })))
    })?;
    env.add_env_cleanup_hook(id, |id| {
        // The thread is ending: there is nobody left to tell.
        let _ = guard(|| {
            isolate::close(id);
            Ok(())
        });
    })?;
    Ok(id)
}

/// Takes the first `length` bytes of `input` from JavaScript, lets what can go on go on, and writes
/// what Rust has to say into `output`. Returns the number of bytes written; or, negated, the size
/// that `output` must have, when the next message does not fit.
#[napi]
pub fn exchange(
    isolate: u32,
    input: &[u8],
    length: u32,
    mut output: Uint8ArraySlice<'_>,
) -> napi::Result<i32> {
    guard(|| {
        let input = input.get(..length as usize).ok_or_else(|| {
            Error::new(Code::Value, "The input of an exchange is shorter than it declares")
        })?;
        if input.as_ptr_range().contains(&output.as_ptr())
            || output.as_ptr_range().contains(&input.as_ptr())
        {
            return Err(Error::new(Code::Value, "The buffers of an exchange overlap"));
        }
        // SAFETY: JavaScript could write to the buffer only from this thread, and no JavaScript
        // runs before `exchange` returns: the bell only queues a call. The buffer is the SDK's
        // own, never shared with another thread, and was just checked not to overlap the input.
        let output = unsafe { output.as_mut() };
        isolate::find(isolate)?.exchange(input, output)
    })
}

/// What the addon holds for this isolate, or for all of them, as JSON: `{ tasks, invocations,
/// nodes, running, values }`. All zero when nothing is under way and every node and value was
/// closed; a node that has been stopped is no longer among `running`, and among `nodes` until it is
/// collected.
#[napi]
pub fn live_counts(isolate: Option<u32>) -> napi::Result<String> {
    guard(|| Ok(isolate::live(isolate)?.to_string()))
}

/// Gives bytes to Rust, ahead of the message that carries their handle.
#[napi]
pub fn value_attach(isolate: u32, bytes: &[u8]) -> napi::Result<u32> {
    guard(|| Ok(isolate::find(isolate)?.held.hold(ArcValue::new_bytes(bytes.to_vec()))))
}

/// Copies the bytes of a handle into `output`, which has their size, and forgets them.
#[napi]
pub fn value_take(isolate: u32, handle: u32, mut output: Uint8ArraySlice<'_>) -> napi::Result<()> {
    guard(|| {
        // SAFETY: JavaScript could write to the buffer only from this thread, and no JavaScript runs
        // before this returns. The SDK has just made it, and shares it with nobody.
        let output = unsafe { output.as_mut() };
        isolate::find(isolate)?.held.take_bytes(handle, output)
    })
}

/// Forgets a value at once. Values that messages carry are released by a message.
#[napi]
pub fn value_drop(isolate: u32, handle: u32) -> napi::Result<()> {
    guard(|| {
        isolate::find(isolate)?.held.drop_value(handle);
        Ok(())
    })
}

/// Makes a value from its binary form, of the type that `as_type` names or of the usual one.
#[napi]
pub fn value_make(isolate: u32, as_type: Option<String>, bytes: &[u8]) -> napi::Result<u32> {
    guard(|| {
        let held = &isolate::find(isolate)?.held;
        Ok(held.hold(value::make(bytes, as_type.as_deref(), held)?))
    })
}

/// What a value is, as JSON: `{ category, typeName, size, parts }`.
#[napi]
pub fn value_describe(isolate: u32, handle: u32) -> napi::Result<String> {
    guard(|| isolate::find(isolate)?.held.describe(handle))
}

/// The value of a key as a handle of its own, 0 for none.
#[napi]
pub fn value_get(isolate: u32, handle: u32, key: String) -> napi::Result<u32> {
    guard(|| isolate::find(isolate)?.held.get_key(handle, &key))
}

/// An item as a handle of its own, 0 for none.
#[napi]
pub fn value_at(isolate: u32, handle: u32, index: u32) -> napi::Result<u32> {
    guard(|| isolate::find(isolate)?.held.get_index(handle, index))
}

#[napi]
pub fn value_keys(isolate: u32, handle: u32) -> napi::Result<Vec<String>> {
    guard(|| isolate::find(isolate)?.held.keys(handle))
}

/// The value, or that of a key, in binary form.
#[napi]
pub fn value_read(
    env: &Env,
    isolate: u32,
    handle: u32,
    key: Option<String>,
) -> napi::Result<BufferSlice<'_>> {
    let bytes = guard(|| isolate::find(isolate)?.held.read(handle, key.as_deref()))?;
    BufferSlice::copy_from(env, bytes)
}

/// Makes the keys of a node that is in no network, as bytes.
#[napi]
pub fn identity_create(env: &Env) -> napi::Result<BufferSlice<'_>> {
    BufferSlice::copy_from(env, guard(identity::create)?)
}

/// A node's keys in the form that the other functions take, from any form that Rust programs write.
#[napi]
pub fn identity_read<'env>(env: &'env Env, keys: &[u8]) -> napi::Result<BufferSlice<'env>> {
    BufferSlice::copy_from(env, guard(|| identity::read(keys))?)
}

/// What may be told of a node's keys, as JSON: `{ nodeId, publicKey, networkIds, certificate }`;
/// `certificate` is null or `{ subject, issuer, validFrom, validUntil }`, in milliseconds since 1970.
#[napi]
pub fn identity_facts(keys: &[u8]) -> napi::Result<String> {
    guard(|| Ok(identity::NodeKeys::read(keys)?.facts()?.to_string()))
}

/// What a node sends to the authority of the network that it is to join.
#[napi]
pub fn identity_request<'env>(env: &'env Env, keys: &[u8]) -> napi::Result<BufferSlice<'env>> {
    BufferSlice::copy_from(env, guard(|| identity::request(keys))?)
}

/// A node's keys with what a grant brings, which must be of `network` if that is given.
#[napi]
pub fn identity_install<'env>(
    env: &'env Env,
    keys: &[u8],
    grant: &[u8],
    network: Option<String>,
) -> napi::Result<BufferSlice<'env>> {
    let installed = guard(|| identity::install(keys, grant, network.as_deref()))?;
    BufferSlice::copy_from(env, installed)
}

/// Makes the keys of a network's authority, as bytes.
#[napi]
pub fn network_create(env: &Env) -> napi::Result<BufferSlice<'_>> {
    BufferSlice::copy_from(env, guard(identity::create_network)?)
}

/// An authority's keys in the form that the other functions take, from any form that Rust programs
/// write.
#[napi]
pub fn network_read<'env>(env: &'env Env, keys: &[u8]) -> napi::Result<BufferSlice<'env>> {
    BufferSlice::copy_from(env, guard(|| identity::read_network(keys))?)
}

/// The networks of an authority, in alphabetical order.
#[napi]
pub fn network_ids(keys: &[u8]) -> napi::Result<Vec<String>> {
    guard(|| identity::network_ids(keys))
}

/// Grants a node's request, which must be of `node` if that is given. Returns the length of the grant
/// (u32, little endian), the grant, and the authority's keys as they are afterwards.
#[napi]
pub fn network_grant<'env>(
    env: &'env Env,
    keys: &[u8],
    network: String,
    request: &[u8],
    node: Option<String>,
) -> napi::Result<BufferSlice<'env>> {
    let bytes = guard(|| {
        let (keys, grant) = identity::grant(keys, &network, request, node.as_deref())?;
        let length = u32::try_from(grant.len())
            .map_err(|_| Error::new(Code::Enrolment, "The grant is too long"))?;
        Ok([&length.to_le_bytes(), grant.as_slice(), keys.as_slice()].concat())
    })?;
    BufferSlice::copy_from(env, bytes)
}

/// The keys of a node or of an authority as the Rust CLI keeps them: in CBOR.
#[napi]
pub fn keys_as_cbor<'env>(env: &'env Env, keys: &[u8]) -> napi::Result<BufferSlice<'env>> {
    BufferSlice::copy_from(env, guard(|| identity::as_cbor(keys))?)
}

/// Checks a config (JSON) and makes a node of it, with the keys given, which must be enrolled, or else
/// with keys of its own. Nothing runs until `nodeStart`.
#[napi]
pub fn node_create(
    isolate: u32,
    config: String,
    keys: Option<Uint8ArraySlice<'_>>,
    authorizes: bool,
) -> napi::Result<u32> {
    guard(|| node::create(isolate, &config, keys.as_deref(), authorizes))
}

/// Settles `call` with the node's id and where it listens: `{ id, addresses }`.
#[napi]
pub fn node_start(node: u32, call: u32) -> napi::Result<()> {
    guard(|| node::find(node)?.start(call))
}

#[napi]
pub fn node_stop(node: u32, call: u32) -> napi::Result<()> {
    guard(|| node::find(node)?.stop(call))
}

/// Forgets a node; one that runs is stopped.
#[napi]
pub fn node_drop(node: u32) -> napi::Result<()> {
    guard(|| {
        node::drop_node(node);
        Ok(())
    })
}

/// Adds a service, described as JSON. Returns the number of its first action, and settles `call`
/// when the core knows it.
#[napi]
pub fn node_add_service(node: u32, call: u32, definition: String) -> napi::Result<u32> {
    guard(|| node::find(node)?.add_service(call, &definition))
}

#[napi]
pub fn node_remove_service(node: u32, call: u32, path: String) -> napi::Result<()> {
    guard(|| node::find(node)?.remove_service(call, path))
}

/// Starts a service of the node that is written in Rust. Settles `call` with what the service has to
/// tell of itself while it runs: a gateway its address, others nothing.
#[napi]
pub fn node_start_rust_service(node: u32, call: u32, path: String) -> napi::Result<()> {
    guard(|| node::find(node)?.start_rust_service(call, &path))
}

#[napi]
pub fn node_stop_rust_service(node: u32, call: u32, path: String) -> napi::Result<()> {
    guard(|| node::find(node)?.stop_rust_service(call, &path))
}

/// Makes the core tell of events whose topics fit; they come under the number `channel`.
#[napi]
pub fn node_subscribe(node: u32, channel: u32, topic: String) -> napi::Result<()> {
    guard(|| node::find(node)?.subscribe(channel, topic))
}

/// Connects to a peer, within a time, and keeps to it. Settles `call` with its id.
#[napi]
pub fn node_connect(
    node: u32,
    call: u32,
    public_key: String,
    addresses: Vec<String>,
    timeout_ms: u32,
) -> napi::Result<()> {
    let wait = Duration::from_millis(timeout_ms.into());
    guard(|| node::find(node)?.connect(call, &public_key, addresses, wait))
}

/// Closes the connections to a peer, and looks for it no longer.
#[napi]
pub fn node_disconnect(node: u32, peer: String) -> napi::Result<()> {
    guard(|| node::find(node)?.disconnect(&peer))
}

/// Tells peers whether a service of the node may be called.
#[napi]
pub fn node_offer(node: u32, path: String, offered: bool) -> napi::Result<()> {
    guard(|| node::find(node)?.offer(&path, offered))
}

/// Tells peers whether the node listens to a topic or a pattern.
#[napi]
pub fn node_listen(node: u32, topic: String, listening: bool) -> napi::Result<()> {
    guard(|| {
        node::find(node)?.listen(&topic, listening);
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
        logs::set_level(node, level, component)
    })
}

/// Takes records that wait, as JSON in columns: up to so many, and about so
/// many bytes. Empty when there are none; the next record is then announced. The node 0 stands for
/// records that name no node.
#[napi]
pub fn logs_take(isolate: u32, node: u32, records: u32, bytes: u32) -> napi::Result<String> {
    guard(|| {
        let most = BatchLimits { records: records as usize, bytes: bytes as usize };
        logs::take(isolate, node, most)
    })
}

/// What became of the records of each level, lowest first, as JSON:
/// `[[accepted, taken, dropped, pending], …]`.
#[napi]
pub fn logs_counts(isolate: u32, node: u32) -> napi::Result<String> {
    guard(|| Ok(logs::counts(isolate, node)?.to_string()))
}

/// Ends the records of a node whose last were taken.
#[napi]
pub fn logs_forget(node: u32) -> napi::Result<()> {
    guard(|| {
        logs::forget(node);
        Ok(())
    })
}

/// What the environment says about levels, as JSON: `{ default, named, problem }`.
#[napi]
pub fn log_directives() -> napi::Result<String> {
    guard(|| Ok(logs::directives().to_string()))
}
