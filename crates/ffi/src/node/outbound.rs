//! The calls and events of JavaScript, on their way to a handler, a peer or the core.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::registry::find;
use super::Node;
use crate::call::{CallKind, CurrentCall, Outcome};
use crate::call_metadata::CallMetadata;
use crate::error::Result;
use crate::isolate::Isolate;
use crate::runar::errors::not_found;
use crate::runar::network::call::PeerRoute;
use crate::runar::network::session::outbound::OutboundCall;
use crate::runar::outcome::{
    call_result_outcome, handle_outcome, opaque_outcome, translate_there, value_outcome,
};
use crate::value::{self, ArcValue};

/// A request of JavaScript for a path.
pub struct Request<'a> {
    pub path: &'a str,
    /// The peer to call, when it must be a certain one.
    pub peer: Option<&'a str>,
    pub metadata: CallMetadata,
    /// Whether JavaScript gets the result by a handle.
    pub as_handle: bool,
}

impl Node {
    /// The peers that a request goes to; `None` for a path of this node or of the core.
    fn peer_route(&self, request: &Request<'_>) -> Result<Option<PeerRoute>> {
        let Request { path, peer, .. } = request;
        if let Some(peer) = peer {
            return self.core.route_to_peer(peer, path).map(Some);
        }
        if path.starts_with('$') || self.route_for(path).is_some() {
            return Ok(None);
        }
        Ok(self.core.route_to_any_peer(path))
    }

    /// Publishes at once, unless that would block or overtake an earlier event of the topic.
    fn publish_now(&self, isolate: &Isolate, topic: &str, payload: &[u8]) -> Result<bool> {
        if self.publishing.is_queued(topic) {
            return Ok(false);
        }
        self.core.publish_now(topic, || value::to_peer(payload, &isolate.handles))
    }
}

/// A request whose handler is in the caller's own isolate: polled there, in the binary form.
pub fn request_action(isolate: &Arc<Isolate>, call: u32, node: u32, topic: &str, payload: &[u8]) {
    let call = CurrentCall { isolate: isolate.id, node, call, kind: CallKind::Opaque };
    let payload = ArcValue::new_bytes(payload.to_vec());
    request_here(isolate, call, node, topic.to_owned(), Some(payload), opaque_outcome);
}

/// A request for any other path. Requests of `$registry` complete at once and are polled on the
/// isolate's thread; requests to nodes of this SDK are written by that thread; requests that may
/// block, or go to a node of the core, run on the Runar thread.
pub fn request_path(
    isolate: &Arc<Isolate>,
    call: u32,
    node: u32,
    request: &Request<'_>,
    payload: &[u8],
) {
    if let Err(error) = try_request_path(isolate, call, node, request, payload) {
        isolate.settle(call, Outcome::Error(error.to_json()));
    }
}

fn try_request_path(
    isolate: &Arc<Isolate>,
    call: u32,
    node: u32,
    request: &Request<'_>,
    payload: &[u8],
) -> Result<()> {
    let found = find(node)?;
    let route = found.peer_route(request)?;
    if let Some(route) = &route {
        if route.is_empty() {
            return Err(not_found(request.path));
        }
    }
    let route = match route {
        Some(route) if route.is_session() || request.peer.is_some() => {
            return call_session(isolate, call, route, request, payload);
        }
        route => route,
    };
    let outcome = if request.as_handle { handle_outcome } else { value_outcome };
    let call = CurrentCall { isolate: isolate.id, node, call, kind: CallKind::Translated };
    let payload = value::to_core(payload, &isolate.handles)?;
    let path = request.path.to_owned();
    if path.starts_with("$registry/") {
        request_here(isolate, call, node, path, payload, outcome);
        return Ok(());
    }
    let (here, metadata) = (isolate.clone(), request.metadata.clone());
    isolate.run_spawned(call, async move {
        let answer = match route {
            Some(route) => route.request(&metadata, payload).await,
            None => found.core.request(&path, payload).await,
        };
        translate_there(here, answer, outcome).await
    });
    Ok(())
}

/// Calls an action of a node of this SDK.
fn call_session(
    isolate: &Arc<Isolate>,
    call: u32,
    route: PeerRoute,
    request: &Request<'_>,
    payload: &[u8],
) -> Result<()> {
    let payload = value::to_peer(payload, &isolate.handles)?;
    let (here, as_handle) = (isolate.clone(), request.as_handle);
    let path = request.path.to_owned();
    // Registered before the call can end, which it may do at once.
    let started = Arc::new(OnceLock::<Arc<OutboundCall>>::new());
    let cancelling = started.clone();
    isolate.on_cancel(call, move || {
        if let Some(outbound) = cancelling.get() {
            outbound.cancel();
        }
    });
    let outbound = route.call(&request.metadata, &payload, move |result| {
        here.forget_canceller(call);
        here.settle(call, call_result_outcome(&here, result, &path, as_handle));
    });
    // It was not set before.
    let _ = started.set(outbound);
    Ok(())
}

fn request_here(
    isolate: &Arc<Isolate>,
    call: CurrentCall,
    node: u32,
    path: String,
    payload: Option<ArcValue>,
    outcome: fn(&Isolate, anyhow::Result<ArcValue>) -> Outcome,
) {
    match find(node) {
        Ok(node) => {
            let here = isolate.clone();
            isolate.run_here(call, async move {
                outcome(&here, node.core.request_local(path, payload).await)
            })
        }
        Err(error) => isolate.settle(call.call, Outcome::Error(error.to_json())),
    }
}

/// Publishes an event of the isolate to Rust services and peers.
pub fn publish(
    isolate: &Arc<Isolate>,
    call: u32,
    node: u32,
    topic: &str,
    payload: &[u8],
    retain_ms: u32,
) {
    let published = find(node).and_then(|node| {
        if retain_ms == 0 && node.publish_now(isolate, topic, payload)? {
            return Ok(None);
        }
        Ok(Some((node, value::to_core(payload, &isolate.handles)?)))
    });
    let (node, payload) = match published {
        Ok(Some(published)) => published,
        Ok(None) => return isolate.settle(call, Outcome::Value(value::nothing().to_vec())),
        Err(error) => return isolate.settle(call, Outcome::Error(error.to_json())),
    };
    let kind = CallKind::Publish;
    let call = CurrentCall { isolate: isolate.id, node: node.id, call, kind };
    let topic = topic.to_owned();
    let retain = (retain_ms > 0).then(|| Duration::from_millis(retain_ms.into()));
    let here = isolate.clone();
    let slot = node.publishing.enqueue(&topic);
    // Subscribers in Rust may block, and peers may be slow.
    isolate.run_spawned(call, async move {
        let published = slot.run(node.core.publish(&topic, payload, retain)).await;
        value_outcome(&here, published.map(|()| ArcValue::null()))
    });
}
