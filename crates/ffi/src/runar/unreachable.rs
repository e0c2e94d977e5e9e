//! What stands for JavaScript where a node is only Rust's: no peer reaches it.

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
        answered: ResponseCallback,
    ) -> CancelOnDrop {
        refuse(not_found(&path), answered)
    }

    fn capacity(&self) -> BoxFuture<'static, ()> {
        Box::pin(ready(()))
    }

    fn peer_changed(&self, _change: String) {}
}
