//! Values in their binary form, and their translation to and from the core's `ArcValue`.
//! `sdk/src/values` is the mirror; the tags are the same on both sides.
//!
//! A call whose handler is in the caller's own isolate carries the binary form through the core
//! unopened, so that JavaScript gets what JavaScript sent. Only Rust services and Rust callers see
//! a translated value.

mod access;
mod core_value;
mod decode;
mod encode;
mod forms;
mod from_json;
mod handles;
mod inspect;
mod limits;
mod portable;
#[cfg(test)]
mod tests;
mod to_json;
mod typed;

pub use access::{as_floats, typed};
pub use core_value::{ArcValue, ValueCategory};
pub use decode::{to_core, value_of_handle};
pub use encode::from_core;
pub use forms::{handle_form, is_true, nothing, stream_form, stream_id};
pub use from_json::from_json_text;
pub use handles::HandleTable;
pub use limits::MAX_DEPTH;
pub use portable::{from_peer, to_peer};
pub use to_json::to_json_text;
pub use typed::make;
