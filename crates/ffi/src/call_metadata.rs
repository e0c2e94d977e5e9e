//! The metadata of a call, in the form that it has on the crossing and between nodes.

use bytes::BufMut;

use crate::codec::{put_sized, Reader};
use crate::error::Result;
use crate::protocol::{limit, metadata_flag};

/// What the caller declares about a call, beside its path and payload. A field that is added here, and
/// behind the others in `write_after_timeout` and `read`, travels wherever a call does;
/// `sdk/src/bridge/call-metadata.ts` is the counterpart. The fields are a block with a length, so that a
/// node skips those that it does not know, and leaves out those that an older node does not send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallMetadata {
    /// How long the caller waits.
    pub timeout_ms: u32,
    /// Whether the payload is the positional arguments of a typed client.
    pub positional: bool,
    /// The id that the log records of the call share; empty for none.
    pub request_id: String,
    /// The W3C trace context; empty for none.
    pub traceparent: String,
}

impl CallMetadata {
    /// Writes all but the timeout (u32), which precedes it: a call that is sent again has less time left.
    pub fn write_after_timeout(&self, out: &mut Vec<u8>) {
        let length_at = out.len();
        out.put_u32_le(0);
        let start = out.len();
        out.push(if self.positional { metadata_flag::POSITIONAL } else { 0 });
        put_sized(out, self.request_id.as_bytes());
        put_sized(out, self.traceparent.as_bytes());
        let length = (out.len() - start) as u32;
        out[length_at..start].copy_from_slice(&length.to_le_bytes());
    }

    /// Reads the timeout and what follows it.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let timeout_ms = reader.u32()?;
        let mut fields = Reader::new(reader.sized()?);
        Ok(Self {
            timeout_ms,
            positional: fields.u8()? & metadata_flag::POSITIONAL != 0,
            request_id: fields.string()?.to_owned(),
            traceparent: fields.string()?.to_owned(),
        })
    }

    /// The metadata of a peer, without ids of a form that this SDK does not send: they reach log records,
    /// traces and further calls.
    pub fn sanitized(mut self) -> Self {
        if self.request_id.len() > limit::MAX_REQUEST_ID_BYTES as usize
            || self.request_id.contains(char::is_control)
        {
            self.request_id.clear();
        }
        if !is_traceparent(&self.traceparent) {
            self.traceparent.clear();
        }
        self
    }
}

/// Whether a text has the form of the W3C trace context: `00-<trace id>-<span id>-<flags>`, and more of a
/// later version.
fn is_traceparent(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut is_id = |length: usize, may_be_zero: bool| {
        parts.next().is_some_and(|part| {
            let is_hex = part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            let is_zero = part.bytes().all(|byte| byte == b'0');
            part.len() == length && is_hex && (may_be_zero || !is_zero)
        })
    };
    text.len() <= limit::MAX_REQUEST_ID_BYTES as usize
        && !text.contains(char::is_control)
        && is_id(2, true)
        && is_id(32, false)
        && is_id(16, false)
        && is_id(2, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(request_id: &str, traceparent: &str) -> CallMetadata {
        CallMetadata {
            timeout_ms: 5,
            positional: true,
            request_id: request_id.to_owned(),
            traceparent: traceparent.to_owned(),
        }
    }

    const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn fields_of_a_newer_node_are_skipped() -> Result<()> {
        let given = metadata("order-7", TRACEPARENT);
        let mut block = Vec::new();
        given.write_after_timeout(&mut block);
        // A field that this node does not know, and what follows the metadata.
        put_sized(&mut block, b"tenant");
        let length = (block.len() - 4) as u32;
        block[..4].copy_from_slice(&length.to_le_bytes());
        let bytes = [&5u32.to_le_bytes(), block.as_slice(), &[42]].concat();
        let mut reader = Reader::new(&bytes);
        assert_eq!(CallMetadata::read(&mut reader)?, given);
        assert_eq!(reader.rest(), [42]);
        Ok(())
    }

    #[test]
    fn ids_of_a_peer_have_the_form_that_this_sdk_sends() {
        let kept = metadata("order-7 ü", TRACEPARENT);
        assert_eq!(kept.clone().sanitized(), kept);
        let long = "x".repeat(limit::MAX_REQUEST_ID_BYTES as usize + 1);
        for request_id in [long.as_str(), "two\nlines", "\u{1b}[31m"] {
            assert_eq!(metadata(request_id, TRACEPARENT).sanitized(), metadata("", TRACEPARENT));
        }
        let later = format!("{TRACEPARENT}-more");
        assert_eq!(metadata("a", &later).sanitized(), metadata("a", &later));
        let bent = TRACEPARENT.replace('a', "A");
        let zero = TRACEPARENT.replace("b7ad6b7169203331", "0000000000000000");
        let long = format!("{TRACEPARENT}-{}", "x".repeat(1_000));
        for traceparent in ["00", &bent, &zero, &TRACEPARENT[1..], &long] {
            assert_eq!(metadata("a", traceparent).sanitized(), metadata("a", ""));
        }
    }
}
