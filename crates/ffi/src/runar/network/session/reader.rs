//! What comes from a peer, frame by frame.

use std::sync::Arc;

use bytes::Bytes;
use quinn::{ReadError, ReadExactError, RecvStream};
use runar_node::network::discovery::NodeInfo;
use tokio::time::timeout;

use super::frame::{self, kind, stream, Frame, HEAD, MAX_INLINE_BODY};
use super::outbound::{self, InFlightCall};
use super::{CallResult, Session};
use crate::error::{Code, Error, Result};
use crate::isolate::wakeups;
use crate::peer_call::Payload;
use crate::runar::network::core_peer::wire;
use crate::runar::network::link::Link;
use crate::runar::network::Transport;

/// The largest piece that is taken from a stream at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// How many packets' worth of frames are taken at once.
const MAX_CHUNKS: usize = 32;

/// Beside what it carries, a frame has texts: the path, ids.
const METADATA_ALLOWANCE: usize = 64 * 1024;

const MAX_FRAME: usize = MAX_INLINE_BODY + METADATA_ALLOWANCE;

pub(super) fn broken(why: impl std::fmt::Display) -> Error {
    Error::new(Code::PeerLost, format!("the peer does not keep to the protocol: {why}"))
}

/// A stream of frames, and what of it has come that was not looked at yet.
pub struct FrameReader {
    stream: RecvStream,
    bytes: Vec<u8>,
    at: usize,
    limit: usize,
}

impl FrameReader {
    pub fn new(stream: RecvStream, limit: usize) -> Self {
        Self { stream, bytes: Vec::new(), at: 0, limit }
    }

    /// Takes the next frame to `take`. `None` at the end of the stream.
    async fn next<T>(&mut self, take: impl FnOnce(Frame<'_>) -> Result<T>) -> Result<Option<T>> {
        match self.has_come().await? {
            true => self.take(take),
            false => Ok(None),
        }
    }

    /// Takes all frames that have come to `take`, and at least one. False at the end of the stream.
    async fn all(&mut self, mut take: impl FnMut(Frame<'_>) -> Result<()>) -> Result<bool> {
        let has_come = self.has_come().await?;
        wakeups::of(|| {
            while self.take(&mut take)?.is_some() {}
            Ok(has_come)
        })
    }

    /// Waits for a whole frame. False at the end of the stream.
    async fn has_come(&mut self) -> Result<bool> {
        while frame::first(&self.bytes[self.at..], self.limit)?.is_none() {
            if !self.fill().await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Takes the next frame, if all of it has come.
    fn take<T>(&mut self, take: impl FnOnce(Frame<'_>) -> Result<T>) -> Result<Option<T>> {
        let Some((bytes, length)) = frame::first(&self.bytes[self.at..], self.limit)? else {
            return Ok(None);
        };
        let taken = take(Frame::parse(bytes)?)?;
        self.at += length;
        Ok(Some(taken))
    }

    /// Waits for more of the stream. False when there is no more.
    async fn fill(&mut self) -> Result<bool> {
        self.bytes.drain(..self.at);
        self.at = 0;
        let mut pieces = [const { Bytes::new() }; MAX_CHUNKS];
        match self.stream.read_chunks(&mut pieces).await.map_err(broken)? {
            Some(count) => {
                pieces[..count].iter().for_each(|piece| self.bytes.extend_from_slice(piece))
            }
            None if self.bytes.is_empty() => return Ok(false),
            None => return Err(broken("a frame is cut short")),
        }
        Ok(true)
    }
}

/// Waits for the stream of calls of a peer that has called, and for the proof that begins it.
pub async fn first_of_calls(connection: &quinn::Connection) -> Result<(FrameReader, Vec<u8>)> {
    let mut stream = connection.accept_uni().await.map_err(broken)?;
    if kind_of(&mut stream).await? != Some(stream::CALLS) {
        return Err(broken("it does not prove anything first"));
    }
    let mut frames = FrameReader::new(stream, MAX_FRAME);
    let proof = frames.next(|frame| match frame.kind {
        kind::PROOF => Ok(frame.body.to_vec()),
        _ => Err(broken("it does not prove anything first")),
    });
    let proof = proof.await?.ok_or_else(|| broken("it proves nothing"))?;
    Ok((frames, proof))
}

/// What a stream carries; `None` when it was given up before it said so.
async fn kind_of(stream: &mut RecvStream) -> Result<Option<u8>> {
    let mut kind = [0];
    match stream.read_exact(&mut kind).await {
        Ok(()) => Ok(Some(kind[0])),
        Err(ReadExactError::ReadError(ReadError::Reset(_))) => Ok(None),
        Err(error) => Err(broken(error)),
    }
}

/// A stream of the peer, which says first what it carries unless that is known.
enum Incoming {
    New(RecvStream),
    Calls(FrameReader),
}

impl Session {
    /// Takes what comes until the connection ends. `calls` is the stream of calls, when it is known.
    pub async fn receive(
        self: &Arc<Self>,
        network: &Arc<Transport>,
        link: &Arc<Link>,
        calls: Option<FrameReader>,
    ) {
        if let Some(calls) = calls {
            self.take_up(network, link, Incoming::Calls(calls));
        }
        while let Ok(stream) = self.connection.accept_uni().await {
            self.take_up(network, link, Incoming::New(stream));
        }
    }

    /// Reads a stream beside others. What does not keep to the protocol costs the connection.
    fn take_up(self: &Arc<Self>, network: &Arc<Transport>, link: &Arc<Link>, stream: Incoming) {
        let (session, network, link) = (self.clone(), network.clone(), link.clone());
        tokio::spawn(async move {
            if let Err(error) = session.read(&network, &link, stream).await {
                if link.is_open() {
                    network.warn(format!("the connection to {} is closed: {error}", link.peer));
                    link.close(&error.message);
                }
            }
        });
    }

    async fn read(
        self: &Arc<Self>,
        network: &Arc<Transport>,
        link: &Arc<Link>,
        stream: Incoming,
    ) -> Result<()> {
        let mut stream = match stream {
            Incoming::Calls(calls) => return self.read_calls(network, link, calls).await,
            Incoming::New(stream) => stream,
        };
        match kind_of(&mut stream).await? {
            None => Ok(()),
            Some(stream::CALLS) => {
                self.read_calls(network, link, FrameReader::new(stream, MAX_FRAME)).await
            }
            Some(stream::EVENTS) => self.read_events(network, stream).await,
            Some(stream::SINGLE) => self.read_alone(network, link, stream).await,
            Some(other) => Err(broken(format_args!("a stream of the unknown kind {other}"))),
        }
    }

    async fn read_calls(
        self: &Arc<Self>,
        network: &Arc<Transport>,
        link: &Arc<Link>,
        mut calls: FrameReader,
    ) -> Result<()> {
        let mut news = Vec::new();
        let take = |news: &mut Vec<_>, frame: Frame<'_>| {
            news.extend(self.take(network, link, frame)?);
            Ok(())
        };
        while calls.all(|frame| take(&mut news, frame)).await? {
            for info in news.drain(..) {
                network.update(link, info).await;
            }
        }
        Ok(())
    }

    /// Takes a message; what it says of the peer itself is for the caller to wait for.
    fn take(
        self: &Arc<Self>,
        network: &Arc<Transport>,
        link: &Arc<Link>,
        frame: Frame<'_>,
    ) -> Result<Option<NodeInfo>> {
        let Frame { kind, number, body } = frame;
        match kind {
            kind::CALL => self.serve(network, link, number, body)?,
            kind::CANCEL => self.cancel(number),
            kind::REPLY => {
                self.ended(number, || CallResult::Reply(body.to_vec(), self.peer.clone()))
            }
            kind::ERROR => {
                self.ended(number, || CallResult::Failed(outbound::failure_record(body)))
            }
            kind::REFUSAL => {
                if let Some(InFlightCall { ask, .. }) = self.forget(number) {
                    ask.turned_away(self, Error::from_json(&outbound::failure_record(body)));
                }
            }
            kind::NODE_UPDATE => return Ok(wire::node_info(body)),
            other => return Err(broken(format_args!("a message of the unknown kind {other}"))),
        }
        Ok(None)
    }

    fn ended(&self, number: u32, ended: impl FnOnce() -> CallResult) {
        // Nobody waits any more for what was given up.
        if let Some(InFlightCall { ask, .. }) = self.forget(number) {
            ask.end(ended());
        }
    }

    /// One after the other: events of a topic are heard in the order in which they came. A node that
    /// does not keep up lets them wait where they come from.
    async fn read_events(&self, network: &Arc<Transport>, stream: RecvStream) -> Result<()> {
        let mut events = FrameReader::new(stream, self.most_alone());
        let hear = |frame: Frame<'_>| {
            let (topic, payload) = frame::event(frame.body)?;
            if let Err(error) = network.local.hear(topic, &Payload::Binary(payload.to_vec()), false)
            {
                let peer = &self.peer;
                network.logger.warn(format!("an event of the peer {peer} is lost: {error}"));
            }
            Ok(())
        };
        while events.all(hear).await? {
            network.local.room().await;
        }
        Ok(())
    }

    fn most_alone(&self) -> usize {
        self.limits.payload.saturating_add(METADATA_ALLOWANCE)
    }

    async fn read_alone(
        self: &Arc<Self>,
        network: &Arc<Transport>,
        link: &Arc<Link>,
        mut stream: RecvStream,
    ) -> Result<()> {
        let Ok(_one) = self.alone.acquire().await else { return Ok(()) };
        let limit = self.most_alone();
        // What does not come to its end in time makes room for others.
        let read = timeout(network.step_timeout(), async {
            let mut bytes = Vec::new();
            // A stream that was reset is a message that was given up.
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
            return Err(broken(format_args!("a message of more than {limit} bytes")));
        }
        if let Some(info) = self.take(network, link, Frame::parse(&bytes)?)? {
            network.update(link, info).await;
        }
        Ok(())
    }
}
