//! Reading of frames from a stream.

use bytes::Bytes;
use quinn::{Connection, ReadError, ReadExactError, RecvStream};

use super::frame::{self, Frame};
use crate::error::{Code, Error, Result};
use crate::isolate::wakeups;
use crate::protocol::{frame_kind, stream_kind, MAX_INLINE_BODY};

/// How many packets' worth of frames are read at once.
const MAX_CHUNKS: usize = 32;

/// What a frame may have beside its payload: the path, ids.
pub const METADATA_ALLOWANCE: usize = 64 * 1024;

/// The largest frame between others.
pub const MAX_FRAME: usize = MAX_INLINE_BODY + METADATA_ALLOWANCE;

pub fn protocol_error(why: impl std::fmt::Display) -> Error {
    Error::new(Code::PeerLost, format!("the peer does not keep to the protocol: {why}"))
}

pub struct FrameReader {
    stream: RecvStream,
    /// Bytes that were received.
    bytes: Vec<u8>,
    /// How many of them are parsed.
    parsed: usize,
    /// The largest frame that is accepted.
    limit: usize,
}

impl FrameReader {
    pub fn new(stream: RecvStream, limit: usize) -> Self {
        Self { stream, bytes: Vec::new(), parsed: 0, limit }
    }

    /// Reads the next frame. `None` at the end of the stream.
    pub async fn next<T>(
        &mut self,
        parse: impl FnOnce(Frame<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        match self.has_frame().await? {
            true => self.parse(parse),
            false => Ok(None),
        }
    }

    /// Reads all frames that have arrived, and at least one. False at the end of the stream.
    pub async fn all(&mut self, mut parse: impl FnMut(Frame<'_>) -> Result<()>) -> Result<bool> {
        let has_frame = self.has_frame().await?;
        wakeups::batch(|| {
            while self.parse(&mut parse)?.is_some() {}
            Ok(has_frame)
        })
    }

    /// Waits for a whole frame. False at the end of the stream.
    async fn has_frame(&mut self) -> Result<bool> {
        while frame::first(&self.bytes[self.parsed..], self.limit)?.is_none() {
            if !self.fill().await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Parses the next frame, if all of it has arrived.
    fn parse<T>(&mut self, parse: impl FnOnce(Frame<'_>) -> Result<T>) -> Result<Option<T>> {
        let Some((bytes, length)) = frame::first(&self.bytes[self.parsed..], self.limit)? else {
            return Ok(None);
        };
        let parsed = parse(Frame::parse(bytes)?)?;
        self.parsed += length;
        Ok(Some(parsed))
    }

    /// Waits for more bytes. False at the end of the stream.
    async fn fill(&mut self) -> Result<bool> {
        self.bytes.drain(..self.parsed);
        self.parsed = 0;
        let mut chunks = [const { Bytes::new() }; MAX_CHUNKS];
        match self.stream.read_chunks(&mut chunks).await.map_err(protocol_error)? {
            Some(count) => {
                chunks[..count].iter().for_each(|chunk| self.bytes.extend_from_slice(chunk))
            }
            None if self.bytes.is_empty() => return Ok(false),
            None => return Err(protocol_error("a frame is cut short")),
        }
        Ok(true)
    }
}

/// Waits for the stream of calls of a peer that has dialled, and for the proof at its beginning.
pub async fn accept_calls(connection: &Connection) -> Result<(FrameReader, Vec<u8>)> {
    let mut stream = connection.accept_uni().await.map_err(protocol_error)?;
    if stream_kind(&mut stream).await? != Some(stream_kind::CALLS) {
        return Err(protocol_error("it does not prove anything first"));
    }
    let mut frames = FrameReader::new(stream, MAX_FRAME);
    let proof = frames.next(|frame| match frame.kind {
        frame_kind::PROOF => Ok(frame.body.to_vec()),
        _ => Err(protocol_error("it does not prove anything first")),
    });
    let proof = proof.await?.ok_or_else(|| protocol_error("it proves nothing"))?;
    Ok((frames, proof))
}

/// The kind of a stream; `None` when it was reset before it sent one.
pub async fn stream_kind(stream: &mut RecvStream) -> Result<Option<u8>> {
    let mut kind = [0];
    match stream.read_exact(&mut kind).await {
        Ok(()) => Ok(Some(kind[0])),
        Err(ReadExactError::ReadError(ReadError::Reset(_))) => Ok(None),
        Err(error) => Err(protocol_error(error)),
    }
}
