//! Values in their binary form on the crossing, and their translation to and from the core's
//! `ArcValue`. `sdk/src/values` is the mirror; the tags are the same on both sides.
//!
//! A call whose handler is in the caller's own isolate carries the binary form through the core
//! unopened, so that what JavaScript sent is what JavaScript gets. Only Rust services and Rust
//! callers see a translated value.

mod core_value;
mod decode;
mod encode;
mod from_json;
mod held;
mod portable;
#[cfg(test)]
mod tests;
mod to_json;
mod typed;

use crate::codec::{put_sized, put_u32, Reader};

pub use core_value::{ArcValue, ValueCategory};
pub use decode::{held_value, to_core};
pub use encode::{as_floats, from_core, typed};
pub use from_json::from_json_text;
pub use held::Held;
pub use portable::{from_peer, to_peer};
pub use to_json::to_json_text;
pub use typed::make;

mod tag {
    pub const UNDEFINED: u8 = 0;
    pub const NULL: u8 = 1;
    pub const FALSE: u8 = 2;
    pub const TRUE: u8 = 3;
    pub const INT32: u8 = 4;
    pub const FLOAT64: u8 = 5;
    pub const ASCII: u8 = 6;
    pub const UTF8: u8 = 7;
    pub const INT64: u8 = 8;
    pub const UINT64: u8 = 9;
    pub const BYTES: u8 = 10;
    pub const ARRAY: u8 = 11;
    pub const OBJECT: u8 = 12;
    pub const NUMBERS: u8 = 13;
    pub const JSON: u8 = 14;
    pub const HELD: u8 = 15;
    pub const HELD_BYTES: u8 = 16;
    pub const STREAM: u8 = 17;
}

/// Deeper nesting than this is refused on both sides, before a stack could overflow.
pub const MAX_DEPTH: usize = 128;

/// What one message may carry.
const MAX_BYTES: usize = 1 << 28;

const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// The binary form of no value.
pub fn nothing() -> [u8; 1] {
    [tag::UNDEFINED]
}

/// Whether the bytes are the binary form of `true`.
pub fn is_true(bytes: &[u8]) -> bool {
    bytes == [tag::TRUE]
}

/// The binary form of a value that JavaScript holds.
pub fn held_form(handle: u32) -> Vec<u8> {
    let mut out = vec![tag::HELD];
    put_u32(&mut out, handle);
    out
}

/// The number of the stream, if a peer's answer is one.
pub fn stream_id(bytes: &[u8]) -> Option<u32> {
    let mut reader = Reader::new(bytes);
    (reader.u8().ok()? == tag::STREAM).then(|| reader.u32().ok())?
}

/// The binary form of a stream that a peer has.
pub fn stream_form(id: u32, peer: &str) -> Vec<u8> {
    let mut out = vec![tag::STREAM];
    put_u32(&mut out, id);
    put_sized(&mut out, peer.as_bytes());
    out
}
