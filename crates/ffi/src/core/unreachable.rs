//! What stands for JavaScript where a node is only Rust's: no peer reaches it.

use std::future::ready;

use futures_util::future::BoxFuture;

use super::{not_found, Inbound};
use crate::remote::{Caller, Carried};

pub struct Unreachable;

impl Inbound for Unreachable {
    fn serve(
        &self,
        _caller: Caller,
        path: String,
        _payload: Carried,
    ) -> BoxFuture<'static, anyhow::Result<Carried>> {
        Box::pin(ready(Err(not_found(&path).into())))
    }

    fn room(&self) -> BoxFuture<'static, ()> {
        Box::pin(ready(()))
    }

    fn peer_changed(&self, _change: String) {}
}
