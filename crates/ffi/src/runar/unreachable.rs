//! The host of a node without JavaScript, which peers cannot reach.

use std::future::ready;

use futures_util::future::BoxFuture;

use super::errors::not_found;
use super::inbound::Inbound;
use crate::peer_call::{refuse, Caller, CancelOnDrop, Payload, ResponseCallback};

pub struct Unreachable;

impl Inbound for Unreachable {
    fn serve(
        &self,
        _: Caller,
        path: String,
        _: Payload,
        respond: ResponseCallback,
    ) -> CancelOnDrop {
        refuse(not_found(&path), respond)
    }

    fn capacity(&self) -> BoxFuture<'static, ()> {
        Box::pin(ready(()))
    }

    fn peer_changed(&self, _change: String) {}
}
