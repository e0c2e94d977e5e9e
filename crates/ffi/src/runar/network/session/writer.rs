//! FrameReader that go out in their order over one stream. What gathers while the stream is busy goes
//! with one write: the more there is to say, the less each word costs.

use std::sync::{Arc, Mutex};

use quinn::{Connection, SendStream, VarInt};
use tokio::sync::Notify;

use super::frame;
use crate::isolate::wakeups;
use crate::sync::lock;

pub struct FrameWriter {
    kind: u8,
    state: Mutex<State>,
    /// There is something to do for the pump.
    work: Arc<Notify>,
    /// There may be room for whoever waits.
    room: Notify,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    /// How many frames `waiting` has.
    count: usize,
    /// How many bytes were handed to the stream, and may have arrived.
    handed: u64,
    is_ending: bool,
    is_closed: bool,
}

/// The lane is closed: nothing goes out any more.
pub struct Closed;

/// A burst that was larger gives its memory back.
const MAX_KEPT_BYTES: usize = 1 << 20;

impl FrameWriter {
    pub fn new(kind: u8) -> Self {
        Self { kind, state: Mutex::default(), work: Arc::default(), room: Notify::new() }
    }

    /// Queues a frame whose body is in parts. Returns where in the stream it begins.
    pub fn push(&self, kind: u8, number: u32, body: &[&[u8]]) -> Result<u64, Closed> {
        let mut state = lock(&self.state);
        if state.is_closed || state.is_ending {
            return Err(Closed);
        }
        let at = state.handed + state.waiting.len() as u64;
        let size = body.iter().map(|part| part.len()).sum();
        frame::put_head(&mut state.waiting, kind, number, size);
        body.iter().for_each(|part| state.waiting.extend_from_slice(part));
        state.count += 1;
        let was_idle = state.count == 1;
        drop(state);
        if was_idle {
            let work = self.work.clone();
            wakeups::wake(move || work.notify_one());
        }
        Ok(at)
    }

    /// Waits until less than so many bytes are queued.
    pub async fn room_below(&self, bytes: usize) -> Result<(), Closed> {
        loop {
            let room = self.room.notified();
            {
                let state = lock(&self.state);
                if state.is_closed {
                    return Err(Closed);
                }
                if state.waiting.len() < bytes {
                    // For whoever waits behind.
                    self.room.notify_one();
                    return Ok(());
                }
            }
            room.await;
        }
    }

    pub fn queued(&self) -> usize {
        lock(&self.state).waiting.len()
    }

    /// Whether what begins there can have arrived.
    pub fn was_handed(&self, at: u64) -> bool {
        at < lock(&self.state).handed
    }

    /// Lets what is queued go out, and nothing more.
    pub fn end(&self) {
        lock(&self.state).is_ending = true;
        self.work.notify_one();
    }

    /// Gives up what is queued. Returns how many frames that is.
    pub fn close(&self) -> usize {
        let mut state = lock(&self.state);
        state.is_closed = true;
        state.waiting = Vec::new();
        let count = std::mem::take(&mut state.count);
        drop(state);
        self.work.notify_one();
        self.room.notify_waiters();
        count
    }

    /// Sends what is queued until the connection or the lane ends. The stream is opened with the
    /// first frame.
    pub async fn pump(&self, connection: &Connection, mut stream: Option<SendStream>) {
        let mut spare = Vec::new();
        loop {
            let burst = {
                let mut state = lock(&self.state);
                if state.is_closed {
                    return;
                }
                state.handed += state.waiting.len() as u64;
                state.count = 0;
                if state.waiting.is_empty() && state.is_ending {
                    break;
                }
                std::mem::replace(&mut state.waiting, std::mem::take(&mut spare))
            };
            if burst.is_empty() {
                spare = burst;
                self.work.notified().await;
                continue;
            }
            self.room.notify_one();
            if stream.is_none() {
                stream = open(connection, self.kind).await;
            }
            let Some(stream) = &mut stream else { return };
            if stream.write_all(&burst).await.is_err() {
                return;
            }
            spare = burst;
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

/// Opens a stream that says what it carries; `None` when the connection is over.
pub async fn open(connection: &Connection, kind: u8) -> Option<SendStream> {
    let mut stream = connection.open_uni().await.ok()?;
    stream.write_all(&[kind]).await.ok()?;
    Some(stream)
}

/// A stream that is reset unless it was finished: quinn would finish one that is dropped, and what is
/// cut short would pass for the whole.
struct Whole(Option<SendStream>);

impl Drop for Whole {
    fn drop(&mut self) {
        if let Some(stream) = &mut self.0 {
            // It may be gone already.
            let _ = stream.reset(VarInt::from_u32(0));
        }
    }
}

/// Sends one frame on a stream of its own. Says whether all of it went out.
pub async fn send_alone(connection: &Connection, head: &[u8], body: bytes::Bytes) -> bool {
    let mut whole = Whole(open(connection, frame::stream::SINGLE).await);
    let Some(stream) = &mut whole.0 else { return false };
    let sent = stream.write_all(head).await.is_ok() && stream.write_chunk(body).await.is_ok();
    let Some(mut stream) = whole.0.take_if(|_| sent) else { return false };
    stream.finish().is_ok()
}
