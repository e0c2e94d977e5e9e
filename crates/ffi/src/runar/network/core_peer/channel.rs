//! The messages to a node of the core that need no answer: events and updates, in their order.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use quinn::{Connection, SendStream, VarInt, WriteError};
use runar_common::logging::Logger;
use runar_node::network::transport::MESSAGE_TYPE_HANDSHAKE;
use tokio::sync::{mpsc, oneshot, Notify};
use tokio::time::timeout;

use super::wire::{self, HANDSHAKE_PATH};
use crate::error::Result;
use crate::runar::network::errors::lost;
use crate::sync::lock;

/// Events that may be queued for one peer; publishers wait when there are more.
const MAX_QUEUED_EVENTS: usize = 1024;

/// What is the same for all messages to a peer.
pub struct Envelope {
    pub own_id: String,
    pub peer: String,
    /// The largest message that may be sent.
    pub limit: usize,
}

impl Envelope {
    /// A message as it goes over the wire.
    pub fn frame(&self, kind: u32, path: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        let ids = (self.own_id.as_str(), self.peer.as_str());
        let id = wire::correlation_id();
        let message = wire::message(kind, ids, path.to_owned(), bytes.to_vec(), id);
        wire::framed(&message, self.limit)
    }
}

pub struct CorePeerChannel {
    pub envelope: Arc<Envelope>,
    outgoing: mpsc::Sender<Outgoing>,
    update: Arc<NodeUpdate>,
}

enum Outgoing {
    Event(Vec<u8>),
    /// Answered once everything before it has arrived.
    Flush(oneshot::Sender<()>),
}

/// The newest description of this node that was not sent yet.
#[derive(Default)]
struct NodeUpdate {
    description: Mutex<Option<Vec<u8>>>,
    changed: Notify,
}

impl CorePeerChannel {
    /// Opens the channel; `step_timeout` is how long the peer may take for one message.
    pub fn open(
        connection: Connection,
        envelope: Envelope,
        step_timeout: Duration,
        logger: Logger,
    ) -> Self {
        let (outgoing, queue) = mpsc::channel(MAX_QUEUED_EVENTS);
        let (envelope, update) = (Arc::new(envelope), Arc::<NodeUpdate>::default());
        let sender = Sender {
            connection,
            envelope: envelope.clone(),
            update: update.clone(),
            step_timeout,
            logger,
        };
        tokio::spawn(sender.run(queue));
        Self { envelope, outgoing, update }
    }

    /// Queues an event.
    pub async fn publish(&self, frame: Vec<u8>) -> Result<()> {
        let queued = self.outgoing.send(Outgoing::Event(frame)).await;
        queued.map_err(|_| lost(&self.envelope.peer, "it is closed"))
    }

    /// Sends the description of this node, or a newer one.
    pub fn send_node_update(&self, description: &[u8]) {
        *lock(&self.update.description) = Some(description.to_vec());
        self.update.changed.notify_one();
    }

    /// Waits until the peer has everything that is queued.
    pub async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        if self.outgoing.send(Outgoing::Flush(done)).await.is_ok() {
            // The sender is dropped when the connection ends.
            let _ = flushed.await;
        }
    }
}

/// Sends the messages of a channel until it, or the connection, ends.
struct Sender {
    connection: Connection,
    envelope: Arc<Envelope>,
    update: Arc<NodeUpdate>,
    step_timeout: Duration,
    logger: Logger,
}

impl Sender {
    async fn run(self, mut queue: mpsc::Receiver<Outgoing>) {
        let peer = &self.envelope.peer;
        let mut last: Option<SendStream> = None;
        loop {
            let next = tokio::select! {
                next = queue.recv() => next,
                () = self.update.changed.notified() => None,
            };
            let frame = match next {
                Some(Outgoing::Event(frame)) => Ok(frame),
                Some(Outgoing::Flush(done)) => {
                    if let Some(stream) = last.take() {
                        // However it ended, there is nothing more to wait for.
                        let _ = stream.stopped().await;
                    }
                    // The receiver is gone when the flush timed out.
                    let _ = done.send(());
                    continue;
                }
                None if queue.is_closed() => return,
                None => {
                    let Some(description) = lock(&self.update.description).take() else {
                        continue;
                    };
                    self.envelope.frame(MESSAGE_TYPE_HANDSHAKE, HANDSHAKE_PATH, &description)
                }
            };
            let frame = match frame {
                Ok(frame) => frame,
                Err(error) => {
                    self.logger.warn(format!("{peer} does not hear the news: {error}"));
                    continue;
                }
            };
            match timeout(self.step_timeout, send_one_way(&self.connection, &frame)).await {
                Ok(Ok(stream)) => last = Some(stream),
                // The peer refused this message; it may take the next.
                Ok(Err(WriteError::Stopped(_))) => (),
                Ok(Err(error)) => {
                    let lost = 1 + queue.len();
                    self.logger
                        .warn(format!("{lost} events did not reach the peer {peer}: {error}"));
                    return;
                }
                // A subscriber that hangs, in a node of the core, uses up the streams.
                Err(_) => {
                    self.logger.warn(format!("the peer {peer} takes no events: closed"));
                    if self.connection.close_reason().is_none() {
                        self.connection.close(VarInt::from_u32(0), b"takes no events");
                    }
                    return;
                }
            }
        }
    }
}

async fn send_one_way(
    connection: &Connection,
    frame: &[u8],
) -> std::result::Result<SendStream, WriteError> {
    let mut stream = connection.open_uni().await.map_err(WriteError::ConnectionLost)?;
    stream.write_all(frame).await?;
    // Fails only when it was finished or reset before.
    let _ = stream.finish();
    Ok(stream)
}
