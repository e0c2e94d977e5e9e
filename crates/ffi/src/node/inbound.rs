//! The calls of peers, served by a node.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::route::serve_javascript;
use super::{registry, Node};
use crate::isolate::invocation::Invocation;
use crate::isolate::Isolate;
use crate::peer_call::{
    refuse, respond_later, wait_for_response, Caller, CancelOnDrop, Payload, ResponseCallback,
};
use crate::protocol::reserved_action;
use crate::runar::errors::not_found;
use crate::runar::inbound::Inbound;
use crate::runar::topic::READ_STREAM_PATH;
use crate::value;

/// Serves the calls of peers with the handlers of a node.
pub struct InboundAdapter {
    pub id: u32,
    pub isolate: Arc<Isolate>,
    /// Whether JavaScript decides if a peer may call a service written in Rust.
    pub authorizes: bool,
}

impl Inbound for InboundAdapter {
    fn serve(
        &self,
        caller: Caller,
        path: String,
        payload: Payload,
        respond: ResponseCallback,
    ) -> CancelOnDrop {
        let node = match registry::find(self.id) {
            Ok(node) => node,
            Err(error) => return refuse(error, respond),
        };
        if path == READ_STREAM_PATH {
            let (isolate, stream) = (&node.isolate, (node.id, reserved_action::READ_STREAM));
            return serve_javascript(isolate, stream, Some(&caller), &path, payload, respond);
        }
        let route = match node.route_for(&path) {
            Some(route) => route,
            None => return refuse(not_found(&path), respond),
        };
        let core = node.core.clone();
        if !self.authorizes || !route.is_rust() {
            return route.serve(core, Some(&caller), path, payload, respond);
        }
        let response = async move {
            node.authorize(&caller, &path).await?;
            wait_for_response(|respond| route.serve(core, Some(&caller), path, payload, respond))
                .await
        };
        respond_later(response, respond)
    }

    fn capacity(&self) -> BoxFuture<'static, ()> {
        let isolate = self.isolate.clone();
        Box::pin(async move { isolate.capacity().await })
    }

    fn peer_changed(&self, change: String) {
        self.isolate.post_peer(self.id, &change);
    }
}

impl Node {
    /// Fails unless JavaScript lets a peer call a path.
    async fn authorize(&self, caller: &Caller, topic: &str) -> anyhow::Result<()> {
        let (payload, caller) = (&value::nothing(), Some(caller));
        let (node, action) = (self.id, reserved_action::AUTHORIZE);
        let invocation = Invocation { node, action, call: 0, topic, payload, caller };
        self.isolate.invoke(&invocation).await??;
        Ok(())
    }
}
