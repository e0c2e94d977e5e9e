//! What the transport needs of the node that it belongs to.

use futures_util::future::BoxFuture;

use crate::error::Result;
use crate::peer_call::{Caller, CancelOnDrop, Payload, ResponseCallback};

pub trait NetworkDelegate: Send + Sync + 'static {
    /// Serves a call of a peer. The response has the form of the payload; in binary form it has no
    /// handles.
    fn serve(
        &self,
        caller: Caller,
        path: String,
        payload: Payload,
        respond: ResponseCallback,
    ) -> CancelOnDrop;

    /// Waits until more events may be delivered.
    fn capacity(&self) -> BoxFuture<'static, ()>;

    /// Delivers an event. With `exactly`, only to subscriptions of just this topic or pattern.
    fn deliver(&self, topic: &str, value: &Payload, exactly: bool) -> Result<()>;

    /// Registers actions of peers, by their full paths, which may be known already.
    fn add_remote_actions(&self, paths: Vec<String>) -> BoxFuture<'static, ()>;

    /// Reports, in JSON, a change of a peer: `{ change, peer }`.
    fn peer_changed(&self, change: String);
}
