//! The native addon of runar-ts. This file is its whole surface: every export is here, goes
//! through the guard, and takes numbers, strings and bytes only.

// In unit tests napi registers no exports, so whatever only they use looks dead.
#![cfg_attr(test, allow(dead_code))]

mod call;
mod config;
mod core;
mod crossing;
mod error;
mod executor;
mod failure;
#[cfg(feature = "test-fixtures")]
mod fixtures;
mod identity;
mod log_columns;
mod logs;
mod node;
mod outbox;
mod runtime;
mod service;
mod value;

use napi::bindgen_prelude::{Env, Function, Uint8ArraySlice};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;
use runar_logging_bridge::BatchLimits;

use crate::config::LevelFilter;
use crate::error::{guard, Code, Error};

/// Names the addon and the core that it carries.
#[napi]
pub fn hello() -> napi::Result<String> {
    guard(|| {
        Ok(format!(
            "runar-ts-ffi {} with runar_node {}",
            env!("CARGO_PKG_VERSION"),
            runar_node::VERSION
        ))
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
        Ok(crossing::open(Box::new(move || {
            // An isolate that is closing takes no calls, and needs none.
            let _ = bell.call((), ThreadsafeFunctionCallMode::NonBlocking);
        })))
    })?;
    env.add_env_cleanup_hook(id, |id| {
        // The thread is ending: there is nobody left to tell.
        let _ = guard(|| {
            crossing::close(id);
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
        crossing::find(isolate)?.exchange(input, output)
    })
}

/// What the addon holds for this isolate, as JSON: `{ tasks, invocations, nodes }`. All zero when
/// nothing is under way and every node was closed.
#[napi]
pub fn live_counts(isolate: u32) -> napi::Result<String> {
    guard(|| {
        let live = crossing::find(isolate)?.live();
        Ok(serde_json::json!({
            "tasks": live.tasks, "invocations": live.invocations, "nodes": live.nodes,
        })
        .to_string())
    })
}

/// Checks a config (JSON) and makes a node of it. Nothing runs until `nodeStart`.
#[napi]
pub fn node_create(isolate: u32, config: String) -> napi::Result<u32> {
    guard(|| node::create(isolate, &config))
}

/// Settles `call` with the node's id.
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

/// Makes the core tell of events whose topics fit; they come under the number `channel`.
#[napi]
pub fn node_subscribe(node: u32, channel: u32, topic: String) -> napi::Result<()> {
    guard(|| node::find(node)?.subscribe(channel, topic))
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
