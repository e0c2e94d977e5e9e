//! What a node of the core needs of the code that hosts it: serving the calls of its peers.

use futures_util::future::BoxFuture;

use crate::peer_call::{Caller, CancelOnDrop, Payload, ResponseCallback};

pub trait Inbound: Send + Sync + 'static {
    /// Serves a call of a peer. The response has the form of the payload; in binary form it has no
    /// handles.
    fn serve(
        &self,
        caller: Caller,
        path: String,
        payload: Payload,
        respond: ResponseCallback,
    ) -> CancelOnDrop;

    /// Waits until JavaScript has taken enough of the events that were delivered.
    fn capacity(&self) -> BoxFuture<'static, ()>;

    /// Reports, in JSON, a change of a peer: `{ change, peer }`.
    fn peer_changed(&self, change: String);
}
