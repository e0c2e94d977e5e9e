//! The encodings of key states: bincode, which the core's `Node` reads, and CBOR, which the Rust
//! CLI writes, raw or in base64.

use base64::prelude::{Engine, BASE64_STANDARD};
use bincode::Options;
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::error::{Code, Error, Result};

/// The largest state that is read, far above the size of any real one.
const MAX_STATE_BYTES: u64 = 16 * 1024 * 1024;

/// Decodes bincode to its end, which detects truncated bytes and other encodings.
pub fn from_bincode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    bincode::DefaultOptions::new()
        .with_fixint_encoding()
        .reject_trailing_bytes()
        .with_limit(MAX_STATE_BYTES)
        .deserialize(bytes)
        .ok()
}

pub fn to_bincode<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    bincode::serialize(value)
        .map_err(|_| Error::new(Code::Keys, "The keys could not be written as bytes"))
}

pub fn to_cbor<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_cbor::to_vec(value)
        .map_err(|_| Error::new(Code::Keys, "The keys could not be written as bytes"))
}

/// Decodes a state in any encoding. Failures have no reason: the message of a decoder could contain
/// a part of a key.
pub fn from_any<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    from_binary(bytes).or_else(|| {
        let text = std::str::from_utf8(bytes).ok()?;
        from_binary(&BASE64_STANDARD.decode(text.trim()).ok()?)
    })
}

fn from_binary<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    from_bincode(bytes).or_else(|| serde_cbor::from_slice(bytes).ok())
}
