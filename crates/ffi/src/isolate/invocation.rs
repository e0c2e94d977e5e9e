//! Invocations: calls of JavaScript handlers.

use bytes::BufMut;

use super::failure::JsFailure;
use crate::codec::put_sized;
use crate::error::Result;
use crate::peer_call::{Caller, Payload};
use crate::protocol::caller_flag;

/// The reply of a handler.
pub type Reply = std::result::Result<Payload, JsFailure>;

/// Receives the reply of a handler; an error means that there will be none.
pub type ReplyCallback = Box<dyn FnOnce(Result<Reply>) + Send>;

/// A handler and its arguments.
pub struct Invocation<'a> {
    pub node: u32,
    pub action: u32,
    /// The call of this isolate that caused it; 0 for none.
    pub call: u32,
    pub topic: &'a str,
    pub payload: &'a [u8],
    /// The peer that calls.
    pub caller: Option<&'a Caller>,
}

impl Invocation<'_> {
    /// Writes the message body, without the number of the invocation.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.put_u32_le(self.node);
        out.put_u32_le(self.action);
        out.put_u32_le(self.call);
        put_sized(out, self.topic.as_bytes());
        put_caller(out, self.caller);
        out.extend_from_slice(self.payload);
    }
}

/// Writes the calling peer and the metadata of its call.
fn put_caller(out: &mut Vec<u8>, caller: Option<&Caller>) {
    let Some(Caller { peer, authenticated, metadata }) = caller else { return out.push(0) };
    let authenticated = if *authenticated { caller_flag::AUTHENTICATED } else { 0 };
    out.push(caller_flag::PEER | authenticated);
    put_sized(out, peer.as_bytes());
    out.put_u32_le(metadata.timeout_ms);
    metadata.write_after_timeout(out);
}
