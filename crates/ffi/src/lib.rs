//! The native addon of runar-ts. Its exports are here and in `exports`.

// In unit tests napi registers no exports, so code that only they use looks dead.
#![cfg_attr(test, allow(dead_code))]
// So does code that only the services written in Rust use, where they are left out.
#![cfg_attr(not(feature = "services"), allow(dead_code, unused_imports))]

mod call;
mod call_metadata;
mod codec;
mod config;
mod dispatch;
mod error;
mod exports;
#[cfg(feature = "test-fixtures")]
mod fixtures;
mod gateway;
mod identity;
mod isolate;
mod logs;
mod node;
mod peer_call;
mod protocol;
mod runar;
mod runtime;
mod sync;
mod value;

use napi_derive::napi;

#[cfg(fuzzing)]
pub use crate::runar::network::adversarial::fuzzed;

use crate::error::guard;

// The macros write the types of the exports into this folder: for another one the addon is compiled anew,
// and neither its unit tests nor what clippy checks.
#[cfg(not(test))]
const _: Option<&str> = option_env!("NAPI_TYPE_DEF_TMP_FOLDER");

/// The versions of the addon and its core.
#[napi]
pub fn hello() -> napi::Result<String> {
    guard(|| {
        Ok(format!("runar-ts-ffi {} with runar_node {}", env!("CARGO_PKG_VERSION"), runar::VERSION))
    })
}

/// Makes Rust decide, once and for all, whether errors collect backtraces.
#[napi]
pub fn settle_backtraces() -> napi::Result<()> {
    guard(|| {
        // The decision is made by the first capture; the backtrace itself is not used.
        let _ = std::backtrace::Backtrace::capture();
        Ok(())
    })
}

/// The table of errors as JSON: `[{ code, class, retryable, meaning }]`.
#[napi]
pub fn error_table() -> napi::Result<String> {
    guard(|| Ok(error::table().to_string()))
}

/// The numbers of the crossing as JSON: `[{ name, about, entries: [{ name, value, meaning }] }]`.
#[napi]
pub fn protocol_table() -> napi::Result<String> {
    guard(|| Ok(protocol::table().to_string()))
}

/// The JSON Schema of the config, as JSON.
#[napi]
pub fn config_schema() -> napi::Result<String> {
    guard(|| Ok(config::schema().to_string()))
}
