//! What a session needs of the transport that it belongs to.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use runar_node::network::discovery::NodeInfo;

use super::outbound::OutboundCall;
use crate::error::{Error, Result};
use crate::peer_call::{Caller, CancelOnDrop, Payload, ResponseCallback};

pub trait SessionHost: Send + Sync + 'static {
    /// Takes a new description of an authenticated peer.
    fn update<'a>(&'a self, peer: &'a str, info: NodeInfo) -> BoxFuture<'a, ()>;

    /// Fails unless peers may call a path, given with its network.
    fn admit(&self, topic: &str) -> Result<()>;

    /// Sends a call that a peer has not begun to another peer. Without one, the call fails with
    /// `error`.
    fn retry(&self, call: &Arc<OutboundCall>, error: Error);

    /// Serves a call of a peer.
    fn deliver_call(
        &self,
        caller: Caller,
        path: String,
        payload: Payload,
        respond: ResponseCallback,
    ) -> CancelOnDrop;

    /// Delivers an event of a peer.
    fn deliver_event(&self, peer: &str, topic: &str, payload: Payload);

    /// Waits until more events may be delivered.
    fn capacity(&self) -> BoxFuture<'static, ()>;

    /// Logs a warning that a peer has caused, unless another was logged just before.
    fn warn(&self, message: String);
}
