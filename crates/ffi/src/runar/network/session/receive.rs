//! Receiving the streams of a peer, and dispatching their frames.

use std::sync::Arc;

use quinn::{RecvStream, VarInt};
use runar_node::network::discovery::NodeInfo;
use tokio::time::timeout;

use super::error_record;
use super::frame::{self, Frame, HEAD};
use super::host::SessionHost;
use super::outbound::{CallResult, InFlightCall};
use super::reader::{protocol_error, stream_kind, FrameReader, MAX_FRAME, METADATA_ALLOWANCE};
use super::Session;
use crate::error::{Error, Result};
use crate::peer_call::Payload;
use crate::protocol::{frame_kind, stream_kind};
use crate::runar::network::core_peer::wire;

/// The largest chunk that is read from a stream of one frame.
const CHUNK_BYTES: usize = 64 * 1024;

/// A stream of the peer.
enum Incoming {
    /// Its first byte, the kind, is not read yet.
    New(RecvStream),
    Calls(FrameReader),
}

impl Session {
    /// Receives until the connection ends. `calls` is the stream of calls, when it is open already.
    pub async fn receive(self: &Arc<Self>, calls: Option<FrameReader>) {
        let Some(host) = self.host.upgrade() else { return };
        if let Some(calls) = calls {
            self.spawn_reader(&host, Incoming::Calls(calls));
        }
        while let Ok(stream) = self.connection.accept_uni().await {
            self.spawn_reader(&host, Incoming::New(stream));
        }
    }

    /// Reads a stream beside others. A violation of the protocol closes the connection.
    fn spawn_reader(self: &Arc<Self>, host: &Arc<dyn SessionHost>, stream: Incoming) {
        let (session, host) = (self.clone(), host.clone());
        tokio::spawn(async move {
            if let Err(error) = session.read(&*host, stream).await {
                // Closed a second time, the connection would forget why it was closed.
                if session.connection.close_reason().is_none() {
                    let peer = &session.peer;
                    host.warn(format!("the connection to {peer} is closed: {error}"));
                    session.connection.close(VarInt::from_u32(0), error.message.as_bytes());
                }
            }
        });
    }

    async fn read(self: &Arc<Self>, host: &dyn SessionHost, stream: Incoming) -> Result<()> {
        let mut stream = match stream {
            Incoming::Calls(calls) => return self.read_calls(host, calls).await,
            Incoming::New(stream) => stream,
        };
        match stream_kind(&mut stream).await? {
            None => Ok(()),
            Some(stream_kind::CALLS) => {
                self.read_calls(host, FrameReader::new(stream, MAX_FRAME)).await
            }
            Some(stream_kind::EVENTS) => self.read_events(host, stream).await,
            Some(stream_kind::SINGLE) => self.read_single(host, stream).await,
            Some(other) => {
                Err(protocol_error(format_args!("a stream of the unknown kind {other}")))
            }
        }
    }

    async fn read_calls(
        self: &Arc<Self>,
        host: &dyn SessionHost,
        mut calls: FrameReader,
    ) -> Result<()> {
        let mut updates = Vec::new();
        let dispatch = |updates: &mut Vec<_>, frame: Frame<'_>| {
            updates.extend(self.dispatch(host, frame)?);
            Ok(())
        };
        while calls.all(|frame| dispatch(&mut updates, frame)).await? {
            for info in updates.drain(..) {
                host.update(&self.peer, info).await;
            }
        }
        Ok(())
    }

    /// Dispatches a frame. Returns a new description of the peer, which the caller applies.
    fn dispatch(
        self: &Arc<Self>,
        host: &dyn SessionHost,
        frame: Frame<'_>,
    ) -> Result<Option<NodeInfo>> {
        let Frame { kind, number, body } = frame;
        match kind {
            frame_kind::CALL => self.serve(host, number, body)?,
            frame_kind::CANCEL => {
                self.forget_inbound(number);
            }
            frame_kind::REPLY => {
                self.complete(number, || CallResult::Reply(body.to_vec(), self.peer.clone()));
            }
            frame_kind::ERROR => {
                self.complete(number, || CallResult::Failed(error_record::from_peer(body)))
            }
            frame_kind::REFUSAL => {
                if let Some(InFlightCall { call, .. }) = self.forget(number) {
                    self.reject(&call, Error::from_json(&error_record::from_peer(body)));
                }
            }
            frame_kind::NODE_UPDATE => return Ok(wire::node_info(body)),
            other => {
                return Err(protocol_error(format_args!("a message of the unknown kind {other}")))
            }
        }
        Ok(None)
    }

    fn complete(&self, number: u32, result: impl FnOnce() -> CallResult) {
        // The entry is gone when the call was cancelled.
        if let Some(InFlightCall { call, .. }) = self.forget(number) {
            call.complete(result());
        }
    }

    /// Reads events one after the other: those of a topic keep their order. When this node does not
    /// keep up, they wait at the peer.
    async fn read_events(&self, host: &dyn SessionHost, stream: RecvStream) -> Result<()> {
        let mut events = FrameReader::new(stream, self.max_single_frame());
        let deliver = |frame: Frame<'_>| {
            let (topic, payload) = frame::event(frame.body)?;
            host.deliver_event(&self.peer, topic, Payload::Binary(payload.to_vec()));
            Ok(())
        };
        while events.all(deliver).await? {
            host.capacity().await;
        }
        Ok(())
    }

    fn max_single_frame(&self) -> usize {
        self.options.max_payload_bytes.saturating_add(METADATA_ALLOWANCE)
    }

    async fn read_single(
        self: &Arc<Self>,
        host: &dyn SessionHost,
        mut stream: RecvStream,
    ) -> Result<()> {
        let Ok(_permit) = self.single_reads.acquire().await else { return Ok(()) };
        let limit = self.max_single_frame();
        // A frame that does not arrive in time frees its permit.
        let read = timeout(self.options.timeout, async {
            let mut bytes = Vec::new();
            // A stream that was reset is a cancelled frame.
            while let Some(chunk) = stream.read_chunk(CHUNK_BYTES, true).await.ok()? {
                bytes.extend_from_slice(&chunk.bytes);
                if bytes.len() > limit {
                    break;
                }
            }
            Some(bytes)
        });
        let Some(bytes) = read.await.ok().flatten() else { return Ok(()) };
        if bytes.len() < HEAD || bytes.len() > limit {
            return Err(protocol_error(format_args!("a message of more than {limit} bytes")));
        }
        if let Some(info) = self.dispatch(host, Frame::parse(&bytes)?)? {
            host.update(&self.peer, info).await;
        }
        Ok(())
    }
}
