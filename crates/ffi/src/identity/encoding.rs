//! The forms in which Rust programs keep the states of key managers: bincode, as the core's `Node`
//! reads it, and CBOR, as the Rust CLI writes it, as it is or in base64.

use base64::prelude::{Engine, BASE64_STANDARD};
use bincode::Options;
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::error::{Code, Error, Result};

/// Far above what any state takes; so much, and no more, may be read into memory.
const MAX_STATE_BYTES: u64 = 16 * 1024 * 1024;

/// Reads bincode to its end. Only so is what is cut short, or of another form, told from what fits.
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

/// Reads a state in any of its forms. What is wrong with bytes that fit none is not told: the words
/// of a decoder could repeat a part of a key.
pub fn from_any<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    from_binary(bytes).or_else(|| {
        let text = std::str::from_utf8(bytes).ok()?;
        from_binary(&BASE64_STANDARD.decode(text.trim()).ok()?)
    })
}

fn from_binary<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    from_bincode(bytes).or_else(|| serde_cbor::from_slice(bytes).ok())
}
