//! Calls to peers.

use std::sync::Arc;

use anyhow::Context;
use runar_node::network::transport::MESSAGE_TYPE_REQUEST;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::errors::{check_size, lost, not_answered, not_sent};
use super::link::{Channel, Link};
use super::session::outbound::{CallResult, CancelCallOnDrop, OutboundCall};
use super::Transport;
use crate::error::{Code, Error, Result};
use crate::peer_call::{CallMetadata, Payload};
use crate::runar::errors::not_found;
use crate::runar::topic::without_network;
use crate::value::{self, ArcValue, HandleTable};

/// The peers that may take a call, in the order in which they are tried. Peers that run the core
/// are skipped.
pub struct PeerRoute {
    transport: Arc<Transport>,
    /// The full path of the action.
    topic: String,
    links: Vec<Arc<Link>>,
}

impl PeerRoute {
    /// Calls the action.
    pub fn call(
        self,
        metadata: &CallMetadata,
        payload: &[u8],
        on_complete: impl FnOnce(CallResult) + Send + 'static,
    ) -> Arc<OutboundCall> {
        let call = OutboundCall::new(self.topic, metadata, payload, on_complete);
        let path = without_network(call.topic());
        let limit = self.transport.config.max_payload_size.0 as usize;
        match check_size(payload.len(), limit) {
            Ok(()) => send_to_first(self.links, &call, not_found(path)),
            Err(error) => {
                let error = error.at(&format!("{path}: the payload"));
                call.complete(CallResult::Unanswered(error));
            }
        }
        call
    }
}

/// Sends a call to the first node of this SDK that was not tried. Without one it fails with
/// `error`.
fn send_to_first(links: Vec<Arc<Link>>, call: &Arc<OutboundCall>, error: Error) {
    for link in links {
        if let Some(session) = link.as_session().filter(|_| !call.was_tried(&link.peer)) {
            return session.call(call);
        }
    }
    call.complete(CallResult::Unanswered(error.at(without_network(call.topic()))));
}

impl Transport {
    /// The route to an action, when the next call of it goes to a node of this SDK.
    pub fn route_to_any_peer(self: &Arc<Self>, path: &str) -> Option<PeerRoute> {
        let topic = self.full_topic(path);
        let links = self.peers.offering(&topic);
        let is_session = |link: &Arc<Link>| link.as_session().is_some();
        let is_next = links.first().is_some_and(is_session);
        is_next.then(|| PeerRoute { transport: self.clone(), topic, links })
    }

    /// The route to an action of a certain node of this SDK.
    pub fn route_to_peer(self: &Arc<Self>, peer: &str, path: &str) -> Result<PeerRoute> {
        let mut links = self.peers.all_links(peer);
        links.reverse();
        let is_session = |link: &Arc<Link>| link.as_session().is_some() && link.is_open();
        if links.iter().any(is_session) {
            return Ok(PeerRoute { transport: self.clone(), topic: self.full_topic(path), links });
        }
        Err(not_sent(peer))
    }

    /// Sends a call to the next node of this SDK that was not tried. Without one it fails with
    /// `error`.
    pub(super) fn call_next_peer(&self, call: &Arc<OutboundCall>, error: Error) {
        send_to_first(self.peers.offering(call.topic()), call, error);
    }

    /// Calls an action of a peer for a caller in Rust.
    pub async fn request(
        self: &Arc<Self>,
        topic: &str,
        value: Option<ArcValue>,
    ) -> anyhow::Result<ArcValue> {
        let path = without_network(topic).to_owned();
        let mut failure = not_found(&path);
        let mut sealed = None;
        // The next peer is tried only while none can have begun.
        let offering = self.peers.offering(topic);
        for (index, link) in offering.iter().enumerate() {
            let channel = match &link.channel {
                Channel::Core(channel) => channel,
                Channel::Session(_) => {
                    let (transport, topic) = (self.clone(), topic.to_owned());
                    let links = offering[index..].to_vec();
                    let route = PeerRoute { transport, topic, links };
                    return self.request_session(route, &path, value).await;
                }
            };
            let sealed = match &sealed {
                Some(sealed) => sealed,
                None => {
                    let made = self.cipher.seal(value.as_ref()).map_err(|error| error.at(&path))?;
                    sealed.insert(made)
                }
            };
            let frame = match channel.envelope.frame(MESSAGE_TYPE_REQUEST, topic, sealed) {
                Ok(frame) => frame,
                // Another peer may accept more.
                Err(error) => {
                    failure = error.at(&format!("{path}: the payload"));
                    continue;
                }
            };
            match timeout(self.step_timeout(), link.connection.open_bi()).await {
                Ok(Ok(streams)) => {
                    return self.request_core(link.clone(), streams, frame, &path).await
                }
                Ok(Err(error)) => failure = lost(&link.peer, error).at(&path),
                Err(_) => {
                    let text = format!("{path}: the peer {} takes no more calls", link.peer);
                    failure = Error::new(Code::Overload, text);
                }
            }
        }
        Err(failure.into())
    }

    async fn request_session(
        &self,
        route: PeerRoute,
        path: &str,
        value: Option<ArcValue>,
    ) -> anyhow::Result<ArcValue> {
        let payload = value::from_core(&value.unwrap_or_else(ArcValue::null), None)?;
        let wait = self.config.request_timeout_ms;
        let metadata = CallMetadata { timeout_ms: wait.0, ..CallMetadata::default() };
        let (sender, result) = oneshot::channel();
        let call = route.call(&metadata, &payload, move |result| {
            // The receiver is gone when the caller waits no longer.
            let _ = sender.send(result);
        });
        let guard = CancelCallOnDrop(call);
        let result = timeout(wait.duration(), result).await;
        let result = result.map_err(|_| not_answered(path, wait.duration()))?;
        drop(guard);
        match result.context("the answer of a peer")? {
            CallResult::Reply(bytes, _) => {
                Ok(Payload::Binary(bytes).into_core(&HandleTable::default())?)
            }
            CallResult::Failed(json) => Err(Error::from_json(&json).into()),
            CallResult::Unanswered(error) => Err(error.at(path).into()),
        }
    }
}
