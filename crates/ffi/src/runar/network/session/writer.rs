//! The writer of frames: they go out in their order over one stream. What gathers while it is busy
//! goes with one write: the more there is to say, the less each word costs.

use std::sync::{Arc, Mutex};

use quinn::{Connection, SendStream, VarInt};
use tokio::sync::Notify;

use super::frame;
use crate::isolate::wakeups;
use crate::protocol::{frame_kind, stream_kind};
use crate::sync::lock;

pub struct FrameWriter {
    /// The kind of the stream.
    kind: u8,
    state: Mutex<State>,
    /// Notified when `run` has something to do.
    work: Arc<Notify>,
    /// Notified when the queue may have capacity.
    capacity: Notify,
}

#[derive(Default)]
struct State {
    queue: Vec<u8>,
    /// How many frames are queued.
    count: usize,
    /// How many bytes were handed over to the stream, and may have arrived.
    handed_over: u64,
    is_ending: bool,
    is_closed: bool,
}

/// The writer is closed: nothing is sent any more.
pub struct Closed;

/// A buffer that had to grow beyond this gives its memory back.
const MAX_KEPT_BYTES: usize = 1 << 20;

impl FrameWriter {
    pub fn new(kind: u8) -> Self {
        Self { kind, state: Mutex::default(), work: Arc::default(), capacity: Notify::new() }
    }

    /// Queues a frame whose body is in parts. Returns its offset in the stream.
    pub fn push(&self, kind: u8, number: u32, body: &[&[u8]]) -> Result<u64, Closed> {
        let mut state = lock(&self.state);
        if state.is_closed || state.is_ending {
            return Err(Closed);
        }
        let offset = state.handed_over + state.queue.len() as u64;
        let size = body.iter().map(|part| part.len()).sum();
        frame::put_head(&mut state.queue, kind, number, size);
        body.iter().for_each(|part| state.queue.extend_from_slice(part));
        state.count += 1;
        let was_idle = state.count == 1;
        drop(state);
        if was_idle {
            let work = self.work.clone();
            wakeups::wake(move || work.notify_one());
        }
        Ok(offset)
    }

    /// Waits until fewer than `bytes` bytes are queued.
    pub async fn below(&self, bytes: usize) -> Result<(), Closed> {
        loop {
            let capacity = self.capacity.notified();
            {
                let state = lock(&self.state);
                if state.is_closed {
                    return Err(Closed);
                }
                if state.queue.len() < bytes {
                    // Passed on to the next task that waits.
                    self.capacity.notify_one();
                    return Ok(());
                }
            }
            capacity.await;
        }
    }

    pub fn queued(&self) -> usize {
        lock(&self.state).queue.len()
    }

    /// Whether the frame at an offset can have arrived.
    pub fn was_handed_over(&self, offset: u64) -> bool {
        offset < lock(&self.state).handed_over
    }

    /// Sends what is queued, and accepts nothing more.
    pub fn end(&self) {
        lock(&self.state).is_ending = true;
        self.work.notify_one();
    }

    /// Drops what is queued. Returns how many frames that is.
    pub fn close(&self) -> usize {
        let mut state = lock(&self.state);
        state.is_closed = true;
        state.queue = Vec::new();
        let count = std::mem::take(&mut state.count);
        drop(state);
        self.work.notify_one();
        self.capacity.notify_waiters();
        count
    }

    /// Sends what is queued until the connection or the writer ends. The first frame opens the
    /// stream.
    pub async fn run(&self, connection: &Connection, mut stream: Option<SendStream>) {
        let mut spare = Vec::new();
        loop {
            let buffer = {
                let mut state = lock(&self.state);
                if state.is_closed {
                    return;
                }
                state.handed_over += state.queue.len() as u64;
                state.count = 0;
                if state.queue.is_empty() && state.is_ending {
                    break;
                }
                std::mem::replace(&mut state.queue, std::mem::take(&mut spare))
            };
            if buffer.is_empty() {
                spare = buffer;
                self.work.notified().await;
                continue;
            }
            self.capacity.notify_one();
            if stream.is_none() {
                stream = open(connection, self.kind).await;
            }
            let Some(stream) = &mut stream else { return };
            if stream.write_all(&buffer).await.is_err() {
                return;
            }
            spare = buffer;
            spare.clear();
            spare.shrink_to(MAX_KEPT_BYTES);
        }
        if let Some(mut stream) = stream {
            // Fails only when it was finished or reset before.
            let _ = stream.finish();
            // Until the peer has everything, or is gone.
            let _ = stream.stopped().await;
        }
    }
}

/// Opens a stream of a kind; `None` when the connection has ended.
pub async fn open(connection: &Connection, kind: u8) -> Option<SendStream> {
    let mut stream = connection.open_uni().await.ok()?;
    stream.write_all(&[kind]).await.ok()?;
    Some(stream)
}

/// Opens the stream of calls with the proof that this node has the network's key.
pub async fn open_calls(connection: &Connection, proof: &[u8]) -> Option<SendStream> {
    let mut stream = open(connection, stream_kind::CALLS).await?;
    let mut first = Vec::new();
    frame::put_head(&mut first, frame_kind::PROOF, 0, proof.len());
    first.extend_from_slice(proof);
    stream.write_all(&first).await.ok()?;
    Some(stream)
}

/// A stream that is reset unless it was finished: quinn would finish a dropped stream, and a
/// truncated frame would pass for a whole one.
struct ResetOnDrop(Option<SendStream>);

impl Drop for ResetOnDrop {
    fn drop(&mut self) {
        if let Some(stream) = &mut self.0 {
            // It may be gone already.
            let _ = stream.reset(VarInt::from_u32(0));
        }
    }
}

/// Sends one frame on a stream of its own. Returns whether all of it was sent.
pub async fn send_single(connection: &Connection, head: &[u8], body: bytes::Bytes) -> bool {
    let mut guard = ResetOnDrop(open(connection, stream_kind::SINGLE).await);
    let Some(stream) = &mut guard.0 else { return false };
    let sent = stream.write_all(head).await.is_ok() && stream.write_chunk(body).await.is_ok();
    let Some(mut stream) = guard.0.take_if(|_| sent) else { return false };
    stream.finish().is_ok()
}
