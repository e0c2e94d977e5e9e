//! What nodes of the core ask of this node, and tell it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::{BoxFuture, Shared};
use futures_util::FutureExt;
use quinn::{RecvStream, SendStream};
use runar_node::network::transport::{
    NetworkMessage, MESSAGE_TYPE_EVENT, MESSAGE_TYPE_HANDSHAKE, MESSAGE_TYPE_REQUEST,
    MESSAGE_TYPE_RESPONSE,
};
use runar_node::TopicPath;
use runar_serializer::ArcValue;
use tokio::sync::watch;
use tokio::time::timeout;

use super::wire;
use crate::error::{Code, Error, Result};
use crate::peer_call::{wait_for_response, CallMetadata, Caller, Payload};
use crate::runar::errors::to_public_error;
use crate::runar::network::link::{self, Link};
use crate::runar::network::Transport;
use crate::runar::topic::{path_of, without_network, READ_STREAM};
use crate::sync::lock;
use crate::value::HandleTable;

type Answer = (u32, Arc<Vec<u8>>);

/// ResponseCache that a peer may ask for again: the core sends a call once more when the connection
/// breaks under it, and the handler must not run twice.
#[derive(Default)]
pub struct ResponseCache(Mutex<HashMap<String, SharedAnswer>>);

/// An answer, and since when it is there.
type SharedAnswer = Shared<BoxFuture<'static, (Answer, Instant)>>;

/// How many bytes of answers that were given are kept.
const MAX_CACHED_BYTES: usize = 16 * 1024 * 1024;

impl ResponseCache {
    fn once(
        &self,
        key: String,
        keep: Duration,
        answer: impl FnOnce() -> BoxFuture<'static, Answer>,
    ) -> SharedAnswer {
        let now = Instant::now();
        let mut answers = lock(&self.0);
        answers.retain(|_, answer| {
            answer.peek().is_none_or(|(_, since)| now.duration_since(*since) <= keep)
        });
        if let Some(answer) = answers.get(&key) {
            return answer.clone();
        }
        let mut given: Vec<_> = answers
            .iter()
            .filter_map(|(key, answer)| {
                answer.peek().map(|((_, bytes), since)| (*since, bytes.len(), key.clone()))
            })
            .collect();
        let mut size: usize = given.iter().map(|(_, size, _)| size).sum();
        given.sort();
        // The oldest go first; what runs stays, whatever it will come to.
        for (_, bytes, key) in given {
            if size <= MAX_CACHED_BYTES {
                break;
            }
            size -= bytes;
            answers.remove(&key);
        }
        let answer = answer().map(|answer| (answer, Instant::now())).boxed().shared();
        answers.insert(key, answer.clone());
        answer
    }
}

/// Counts an answer as long as it is on its way.
pub struct PendingReply(watch::Sender<usize>);

impl PendingReply {
    fn new(count: &watch::Sender<usize>) -> Self {
        // Those who wait are told of the last alone.
        count.send_if_modified(|count| {
            *count += 1;
            false
        });
        Self(count.clone())
    }
}

impl Drop for PendingReply {
    fn drop(&mut self) {
        self.0.send_if_modified(|count| {
            *count -= 1;
            *count == 0
        });
    }
}

impl Transport {
    /// Serves a connection until it ends.
    pub async fn serve(self: &Arc<Self>, link: &Arc<Link>) {
        let told = async {
            // One after the other: events of a topic are heard in the order in which they came.
            while let Ok(stream) = link.connection.accept_uni().await {
                self.hear(link, stream).await;
            }
        };
        let asked = async {
            while let Ok((send, receive)) = link.connection.accept_bi().await {
                let (network, link) = (self.clone(), link.clone());
                tokio::spawn(async move {
                    // The caller is gone when the answer finds no way, and learns it by itself.
                    let _ = network.answer(&link, send, receive).await;
                });
            }
        };
        tokio::join!(told, asked);
    }

    async fn read(&self, stream: &mut RecvStream) -> Result<NetworkMessage> {
        timeout(self.step_timeout(), wire::read(stream, self.config.message_limit()))
            .await
            .unwrap_or_else(|_| Err(Error::new(Code::Timeout, "a peer's message did not come")))
    }

    async fn hear(self: &Arc<Self>, link: &Arc<Link>, mut stream: RecvStream) {
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
                    self.update(link, info).await;
                }
            }
            MESSAGE_TYPE_EVENT => {
                for payload in &message.payloads {
                    if let Err(error) = self.hear_event(&payload.path, &payload.value_bytes) {
                        self.logger
                            .warn(format!("an event of the peer {} is lost: {error}", link.peer));
                    }
                }
            }
            other => self.logger.debug(format!("a message of the unknown kind {other}")),
        }
    }

    fn hear_event(&self, topic: &str, bytes: &[u8]) -> Result<()> {
        let invalid = |why: String| Error::new(Code::InvalidArgument, why);
        let topic = TopicPath::new(topic, &self.network_id).map_err(invalid)?;
        if topic.network_id() != self.network_id {
            return Err(invalid(format!("{} is of another network", topic.as_str())));
        }
        let value = self.cipher.open(bytes)?;
        // The core tells of an event once for each subscription that fits, by the topic or the
        // pattern of the subscription.
        let value = Payload::Value(value.unwrap_or_else(ArcValue::null));
        self.local.hear(path_of(&topic), &value, true)
    }

    /// Counts an answer from now until it is dropped.
    pub fn answering(&self) -> PendingReply {
        PendingReply::new(&self.answering)
    }

    async fn answer(
        self: &Arc<Self>,
        link: &Arc<Link>,
        mut send: SendStream,
        mut receive: RecvStream,
    ) -> Result<()> {
        let message = match self.read(&mut receive).await {
            Ok(message) => message,
            // Too large: there is somebody to tell, who is known by nothing but the stream.
            Err(error) if error.code == Code::TooLarge => {
                let answer = self.failed(&error.into());
                return self.reply(link, &mut send, None, answer).await;
            }
            Err(error) => return Err(error),
        };
        if message.message_type != MESSAGE_TYPE_REQUEST {
            return Ok(());
        }
        let Some(payload) = message.payloads.first() else {
            let error = Error::new(Code::InvalidArgument, "a request without a payload");
            let answer = self.failed(&error.into());
            return self.reply(link, &mut send, Some(&message), answer).await;
        };
        let key = format!("{}/{}", link.peer, payload.correlation_id);
        let make = || {
            let (network, path) = (self.clone(), payload.path.clone());
            let bytes = payload.value_bytes.clone();
            let caller = Caller {
                peer: link.peer.as_str().into(),
                authenticated: link.authenticated,
                terms: CallMetadata {
                    timeout_ms: self.config.request_timeout_ms.0,
                    ..CallMetadata::default()
                },
            };
            let work = tokio::spawn(async move { network.run(caller, &path, &bytes).await });
            async move { work.await.unwrap_or_else(|_| (MESSAGE_TYPE_RESPONSE, Arc::default())) }
                .boxed()
        };
        let keep = self.config.quic_options.response_cache_ttl_ms.duration();
        let answer = self.answers.once(key, keep, make).await.0;
        self.reply(link, &mut send, Some(&message), answer).await
    }

    async fn reply(
        &self,
        link: &Link,
        send: &mut SendStream,
        request: Option<&NetworkMessage>,
        (kind, bytes): Answer,
    ) -> Result<()> {
        let _answering = self.answering();
        let payload = request.and_then(|request| request.payloads.first());
        let path = payload.map(|payload| payload.path.clone()).unwrap_or_default();
        let id = payload.map(|payload| payload.correlation_id.clone()).unwrap_or_default();
        let own = (self.own_id.as_str(), link.peer.as_str());
        let limit = link.limit(self);
        let message = |(kind, bytes): Answer| {
            let bytes = Arc::unwrap_or_clone(bytes);
            wire::message(kind, own, path.clone(), bytes, id.clone())
        };
        let frame = match wire::framed(&message((kind, bytes)), limit) {
            Err(error) if error.code == Code::TooLarge => {
                let error = error.at("the answer");
                wire::framed(&message(self.failed(&error.into())), limit)?
            }
            frame => frame?,
        };
        let broken = |error: quinn::WriteError| link::lost(&link.peer, error);
        send.write_all(&frame).await.map_err(broken)?;
        // Fails only when it was finished or reset before.
        let _ = send.finish();
        // Until the peer has it, or wants it no longer, or is gone.
        let _ = send.stopped().await;
        Ok(())
    }

    fn failed(&self, error: &anyhow::Error) -> Answer {
        wire::failure(&self.cipher, error)
            .map(|(kind, bytes)| (kind, Arc::new(bytes)))
            .unwrap_or_default()
    }

    /// Runs what a peer has asked for, within the time that a call to a peer may take.
    async fn run(self: &Arc<Self>, caller: Caller, path: &str, bytes: &[u8]) -> Answer {
        match self.call_local(caller, path, bytes).await {
            Ok(bytes) => (MESSAGE_TYPE_RESPONSE, Arc::new(bytes)),
            Err(error) => self.failed(&error.into()),
        }
    }

    async fn call_local(&self, caller: Caller, topic: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        self.admit(topic)?;
        let path = without_network(topic).to_owned();
        let value = self.cipher.open(bytes).map_err(|error| error.at(&path))?;
        let payload = Payload::Value(value.unwrap_or_else(ArcValue::null));
        let wait = self.config.request_timeout_ms.duration();
        let begin = |answered| self.local.serve(caller, path.clone(), payload, answered);
        let answer = timeout(wait, wait_for_response(begin)).await.map_err(|_| {
            let text = format!("{path}: no answer within {} ms", wait.as_millis());
            Error::new(Code::Timeout, text)
        })?;
        let answer = answer.map_err(to_public_error)?;
        self.cipher.seal(Some(&answer.into_core(&HandleTable::default())?))
    }

    /// What a peer may ask for, by its full path: actions that this node offers, and neither the
    /// core's registry nor its keys, which the core would serve to whoever asks.
    pub fn admit(&self, topic: &str) -> Result<()> {
        let parsed = TopicPath::from_full_path(topic)
            .map_err(|error| Error::new(Code::InvalidArgument, format!("{topic}: {error}")))?;
        let is_ours = parsed.network_id() == self.network_id;
        let path = without_network(topic);
        // A node of the core has no streams to read, and gets no answer there.
        if is_ours && (self.offers(&parsed.service_path()) || path == READ_STREAM) {
            return Ok(());
        }
        Err(Error::new(Code::NotFound, format!("{path}: no service has this action")))
    }
}
