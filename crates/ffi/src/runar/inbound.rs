//! What peers reach of a node.

use futures_util::future::BoxFuture;

use crate::peer_call::{Caller, CancelOnDrop, Payload, ResponseCallback};

pub trait Inbound: Send + Sync + 'static {
    /// Calls an action for a peer. The answer comes in the form of the payload; in binary form it
    /// has no handles.
    fn serve(
        &self,
        caller: Caller,
        path: String,
        payload: Payload,
        answered: ResponseCallback,
    ) -> CancelOnDrop;

    /// Waits until JavaScript has taken enough of what was heard before.
    fn capacity(&self) -> BoxFuture<'static, ()>;

    /// JSON: `{ change, peer }`.
    fn peer_changed(&self, change: String);
}
