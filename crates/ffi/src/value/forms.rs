//! Values whose binary form is a tag and little else: no value, a handle, a stream.

use bytes::BufMut;

use crate::codec::{put_sized, Reader};
use crate::protocol::tag;

/// The binary form of no value.
pub fn nothing() -> [u8; 1] {
    [tag::UNDEFINED]
}

/// Whether the bytes are the binary form of `true`.
pub fn is_true(bytes: &[u8]) -> bool {
    bytes == [tag::TRUE]
}

/// The binary form of a value that JavaScript holds.
pub fn handle_form(handle: u32) -> Vec<u8> {
    let mut out = vec![tag::HELD];
    out.put_u32_le(handle);
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
    out.put_u32_le(id);
    put_sized(&mut out, peer.as_bytes());
    out
}
