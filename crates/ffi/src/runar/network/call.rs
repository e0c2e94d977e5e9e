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
use crate::call_metadata::CallMetadata;
use crate::error::{Code, Error, Result};
use crate::peer_call::Payload;
use crate::runar::errors::not_found;
use crate::runar::topic::without_network;
use crate::value::{self, ArcValue, HandleTable};

/// The peers that may take a call, in the order in which they are tried. They are looked up once, so
/// that a peer that appears meanwhile does not change the way of a call.
pub struct PeerRoute {
    transport: Arc<Transport>,
    /// The full path of the action.
    topic: String,
    links: Vec<Arc<Link>>,
}

impl PeerRoute {
    /// Whether no peer offers the action.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// Whether the next call goes to a node of this SDK.
    pub fn is_session(&self) -> bool {
        self.links.first().is_some_and(|link| link.as_session().is_some())
    }

    /// Calls the action of a node of this SDK. Peers that run the core are skipped.
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
    /// The route to an action.
    pub fn route_to_any_peer(self: &Arc<Self>, path: &str) -> PeerRoute {
        self.route(self.full_topic(path))
    }

    fn route(self: &Arc<Self>, topic: String) -> PeerRoute {
        let links = self.peers.offering(&topic);
        PeerRoute { transport: self.clone(), topic, links }
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
        let timeout_ms = self.config.request_timeout_ms.0;
        let metadata = CallMetadata { timeout_ms, ..CallMetadata::default() };
        self.route(topic.to_owned()).request(&metadata, value).await
    }
}

impl PeerRoute {
    /// Calls the action with a value of the core, of nodes of this SDK and of the core alike.
    pub async fn request(
        self,
        metadata: &CallMetadata,
        value: Option<ArcValue>,
    ) -> anyhow::Result<ArcValue> {
        let Self { transport, topic, links } = self;
        let path = without_network(&topic).to_owned();
        let mut failure = not_found(&path);
        let mut sealed = None;
        // The next peer is tried only while none can have begun.
        for (index, link) in links.iter().enumerate() {
            let channel = match &link.channel {
                Channel::Core(channel) => channel,
                Channel::Session(_) => {
                    let links = links[index..].to_vec();
                    let route = PeerRoute { transport, topic, links };
                    return route.request_session(metadata, &path, value).await;
                }
            };
            let sealed = match &sealed {
                Some(sealed) => sealed,
                None => {
                    let made = transport.cipher.seal(value.as_ref());
                    sealed.insert(made.map_err(|error| error.at(&path))?)
                }
            };
            let frame = match channel.envelope.frame(MESSAGE_TYPE_REQUEST, &topic, sealed) {
                Ok(frame) => frame,
                // Another peer may accept more.
                Err(error) => {
                    failure = error.at(&format!("{path}: the payload"));
                    continue;
                }
            };
            match timeout(transport.step_timeout(), link.connection.open_bi()).await {
                Ok(Ok(streams)) => {
                    return transport.request_core(link.clone(), streams, frame, &path).await
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
        self,
        metadata: &CallMetadata,
        path: &str,
        value: Option<ArcValue>,
    ) -> anyhow::Result<ArcValue> {
        let payload = value::from_core(&value.unwrap_or_else(ArcValue::null), None)?;
        let wait = self.transport.config.request_timeout_ms;
        let (sender, result) = oneshot::channel();
        let call = self.call(metadata, &payload, move |result| {
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
