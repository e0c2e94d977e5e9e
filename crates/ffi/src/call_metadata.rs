//! The metadata of a call, in the form that it has on the crossing and between nodes.

use crate::codec::{put_sized, Reader};
use crate::error::Result;
use crate::protocol::metadata_flag;

/// What the caller declares about a call, beside its path and payload. A field that is added here, and
/// in `write_after_timeout` and `read`, travels wherever a call does;
/// `sdk/src/bridge/call-metadata.ts` is its counterpart.
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
        out.push(if self.positional { metadata_flag::POSITIONAL } else { 0 });
        put_sized(out, self.request_id.as_bytes());
        put_sized(out, self.traceparent.as_bytes());
    }

    /// Reads the timeout and what follows it.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            timeout_ms: reader.u32()?,
            positional: reader.u8()? & metadata_flag::POSITIONAL != 0,
            request_id: reader.string()?.to_owned(),
            traceparent: reader.string()?.to_owned(),
        })
    }
}
