//! The requests and events of nodes of the core.

use std::sync::Arc;

use futures_util::FutureExt;
use quinn::{RecvStream, SendStream};
use runar_node::network::transport::{
    NetworkMessage, MESSAGE_TYPE_EVENT, MESSAGE_TYPE_HANDSHAKE, MESSAGE_TYPE_REQUEST,
    MESSAGE_TYPE_RESPONSE,
};
use runar_node::TopicPath;
use tokio::time::timeout;

use super::response_cache::Response;
use super::wire;
use crate::call_metadata::CallMetadata;
use crate::error::{Code, Error, Result};
use crate::peer_call::{wait_for_response, Caller, Payload};
use crate::runar::errors::to_public_error;
use crate::runar::network::errors::lost;
use crate::runar::network::link::Link;
use crate::runar::network::Transport;
use crate::runar::topic::{path_of, without_network};
use crate::value::{ArcValue, HandleTable};

impl Transport {
    /// Serves the connection of a node of the core until it ends.
    pub(in crate::runar::network) async fn serve(self: &Arc<Self>, link: &Arc<Link>) {
        let one_way = async {
            // One after the other: events of a topic keep their order.
            while let Ok(stream) = link.connection.accept_uni().await {
                self.receive_one_way(link, stream).await;
            }
        };
        let requests = async {
            while let Ok((send, receive)) = link.connection.accept_bi().await {
                let (transport, link) = (self.clone(), link.clone());
                tokio::spawn(async move {
                    // Fails when the connection has ended, which the caller learns by itself.
                    let _ = transport.respond(&link, send, receive).await;
                });
            }
        };
        tokio::join!(one_way, requests);
    }

    async fn read(&self, stream: &mut RecvStream) -> Result<NetworkMessage> {
        timeout(self.step_timeout(), wire::read(stream, self.config.message_limit()))
            .await
            .unwrap_or_else(|_| Err(Error::new(Code::Timeout, "a peer's message did not come")))
    }

    async fn receive_one_way(self: &Arc<Self>, link: &Arc<Link>, mut stream: RecvStream) {
        let message = match self.read(&mut stream).await {
            Ok(message) => message,
            Err(error) if !link.is_open() => {
                self.logger.debug(format!("{error}"));
                return;
            }
            Err(error) => {
                self.logger.warn(format!("news of the peer {} is lost: {error}", link.peer));
                return;
            }
        };
        match message.message_type {
            MESSAGE_TYPE_HANDSHAKE => {
                if let Some(info) = wire::node_info_of(&message) {
                    self.update(&link.peer, link.authenticated, info).await;
                }
            }
            MESSAGE_TYPE_EVENT => {
                for payload in &message.payloads {
                    if let Err(error) = self.deliver_event(&payload.path, &payload.value_bytes) {
                        self.logger
                            .warn(format!("an event of the peer {} is lost: {error}", link.peer));
                    }
                }
            }
            other => self.logger.debug(format!("a message of the unknown kind {other}")),
        }
    }

    fn deliver_event(&self, topic: &str, bytes: &[u8]) -> Result<()> {
        let invalid = |why: String| Error::new(Code::InvalidArgument, why);
        let topic = TopicPath::new(topic, &self.network_id).map_err(invalid)?;
        if topic.network_id() != self.network_id {
            return Err(invalid(format!("{} is of another network", topic.as_str())));
        }
        let value = self.cipher.open(bytes)?;
        // The core sends an event once for each subscription that matches, under the topic or the
        // pattern of the subscription.
        let value = Payload::Value(value.unwrap_or_else(ArcValue::null));
        self.delegate.deliver(path_of(&topic), &value, true)
    }

    async fn respond(
        self: &Arc<Self>,
        link: &Arc<Link>,
        mut send: SendStream,
        mut receive: RecvStream,
    ) -> Result<()> {
        let message = match self.read(&mut receive).await {
            Ok(message) => message,
            // Too large: the stream is all that is known of the caller.
            Err(error) if error.code == Code::TooLarge => {
                let response = self.failed(&error.into());
                return self.send_response(link, &mut send, None, response).await;
            }
            Err(error) => return Err(error),
        };
        if message.message_type != MESSAGE_TYPE_REQUEST {
            return Ok(());
        }
        let Some(payload) = message.payloads.first() else {
            let error = Error::new(Code::InvalidArgument, "a request without a payload");
            let response = self.failed(&error.into());
            return self.send_response(link, &mut send, Some(&message), response).await;
        };
        let key = format!("{}/{}", link.peer, payload.correlation_id);
        let make = || {
            let (transport, path) = (self.clone(), payload.path.clone());
            let bytes = payload.value_bytes.clone();
            let caller = Caller {
                peer: link.peer.as_str().into(),
                authenticated: link.authenticated,
                metadata: CallMetadata {
                    timeout_ms: self.config.request_timeout_ms.0,
                    ..CallMetadata::default()
                },
            };
            let work = tokio::spawn(async move { transport.run(caller, &path, &bytes).await });
            async move { work.await.unwrap_or_else(|_| (MESSAGE_TYPE_RESPONSE, Arc::default())) }
                .boxed()
        };
        let ttl = self.config.quic_options.response_cache_ttl_ms.duration();
        let response = self.response_cache.get_or_make(key, ttl, make).await.0;
        self.send_response(link, &mut send, Some(&message), response).await
    }

    async fn send_response(
        &self,
        link: &Link,
        send: &mut SendStream,
        request: Option<&NetworkMessage>,
        (kind, bytes): Response,
    ) -> Result<()> {
        let _pending = self.pending_replies.begin();
        let payload = request.and_then(|request| request.payloads.first());
        let path = payload.map(|payload| payload.path.clone()).unwrap_or_default();
        let id = payload.map(|payload| payload.correlation_id.clone()).unwrap_or_default();
        let ids = (self.own_id.as_str(), link.peer.as_str());
        let limit = self.config.message_limit().min(wire::MAX_CORE_MESSAGE);
        let message = |(kind, bytes): Response| {
            let bytes = Arc::unwrap_or_clone(bytes);
            wire::message(kind, ids, path.clone(), bytes, id.clone())
        };
        let frame = match wire::framed(&message((kind, bytes)), limit) {
            Err(error) if error.code == Code::TooLarge => {
                let error = error.at("the answer");
                wire::framed(&message(self.failed(&error.into())), limit)?
            }
            frame => frame?,
        };
        let broken = |error: quinn::WriteError| lost(&link.peer, error);
        send.write_all(&frame).await.map_err(broken)?;
        // Fails only when it was finished or reset before.
        let _ = send.finish();
        // Until the peer has it, or wants it no longer, or is gone.
        let _ = send.stopped().await;
        Ok(())
    }

    fn failed(&self, error: &anyhow::Error) -> Response {
        wire::failure(&self.cipher, error)
            .map(|(kind, bytes)| (kind, Arc::new(bytes)))
            .unwrap_or_default()
    }

    /// Runs a request of a peer, within the time that a call to a peer may take.
    async fn run(self: &Arc<Self>, caller: Caller, path: &str, bytes: &[u8]) -> Response {
        match self.call_local(caller, path, bytes).await {
            Ok(bytes) => (MESSAGE_TYPE_RESPONSE, Arc::new(bytes)),
            Err(error) => self.failed(&error.into()),
        }
    }

    async fn call_local(&self, caller: Caller, topic: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        self.check_admitted(topic)?;
        let path = without_network(topic).to_owned();
        let value = self.cipher.open(bytes).map_err(|error| error.at(&path))?;
        let payload = Payload::Value(value.unwrap_or_else(ArcValue::null));
        let wait = self.config.request_timeout_ms.duration();
        let start = |respond| self.delegate.serve(caller, path.clone(), payload, respond);
        let response = timeout(wait, wait_for_response(start)).await.map_err(|_| {
            let text = format!("{path}: no answer within {} ms", wait.as_millis());
            Error::new(Code::Timeout, text)
        })?;
        let response = response.map_err(to_public_error)?;
        self.cipher.seal(Some(&response.into_core(&HandleTable::default())?))
    }
}
