//! What a connection is doing, and since when.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicU8, Ordering};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::config::Limits;

/// Has had no request yet.
const FRESH: u8 = 3;
/// Waits for another request, or for its client to read a response.
const IDLE: u8 = 0;
/// Has the beginning of a request.
const HEAD: u8 = 1;
/// A request is being answered.
const BUSY: u8 = 2;

pub struct Connection {
    opened: Instant,
    phase: AtomicU8,
    /// When the phase began or went on, in milliseconds after `opened`.
    since: AtomicU64,
    /// Whether the socket takes nothing at the moment.
    is_writing: AtomicBool,
    /// Whether the connection must make room for another one.
    is_evicted: AtomicBool,
    evicted: Notify,
}

impl Connection {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            opened: Instant::now(),
            phase: AtomicU8::new(FRESH),
            since: AtomicU64::new(0),
            is_writing: AtomicBool::new(false),
            is_evicted: AtomicBool::new(false),
            evicted: Notify::new(),
        })
    }

    fn enter(&self, phase: u8) {
        let elapsed = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.since.store(elapsed, Ordering::Relaxed);
        self.phase.store(phase, Ordering::Relaxed);
    }

    fn phase(&self) -> u8 {
        self.phase.load(Ordering::Relaxed)
    }

    fn received(&self) {
        if matches!(self.phase(), FRESH | IDLE) {
            self.enter(HEAD);
        }
    }

    /// The client reads its response, and may have sent more meanwhile.
    fn sent(&self, is_done: bool) {
        self.is_writing.store(!is_done, Ordering::Relaxed);
        match self.phase() {
            _ if !is_done => {}
            BUSY => {}
            phase => self.enter(phase),
        }
    }

    /// A request is being answered as long as what this returns is kept.
    pub fn serve(self: &Arc<Self>) -> Serving {
        self.enter(BUSY);
        Serving(self.clone())
    }

    pub fn is_receiving_head(&self) -> bool {
        self.phase() == HEAD
    }

    /// Whether a client would miss nothing: no request is whole, and no response is on its way.
    pub fn has_nothing_to_finish(&self) -> bool {
        matches!(self.phase(), FRESH | HEAD) && !self.is_writing.load(Ordering::Relaxed)
    }

    /// Since when it has waited for its client; `None` while the client waits for it.
    pub fn waits_since(&self) -> Option<Instant> {
        let since = Duration::from_millis(self.since.load(Ordering::Relaxed));
        (self.phase() != BUSY).then(|| self.opened + since)
    }

    /// Since when it could have made room for another one.
    pub fn evictable_since(&self) -> Option<Instant> {
        self.waits_since().filter(|_| !self.is_evicted.load(Ordering::Relaxed))
    }

    /// Makes the connection end once no request is being answered.
    pub fn evict(&self) {
        self.is_evicted.store(true, Ordering::Relaxed);
        self.evicted.notify_one();
    }

    pub async fn evicted(&self) {
        self.evicted.notified().await;
    }

    /// When the client has to have gone on. A request that is being answered has limits of its own.
    pub fn expires(&self, limits: &Limits) -> Option<Instant> {
        let time = match self.phase() {
            HEAD => limits.headers_timeout,
            _ => limits.idle_timeout,
        };
        self.waits_since().map(|since| since + time)
    }
}

pub struct Serving(Arc<Connection>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.enter(IDLE);
    }
}

/// The socket of a connection, which notes what passes through it.
pub struct Watched {
    pub socket: TokioIo<TcpStream>,
    pub connection: Arc<Connection>,
}

impl Read for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.socket).poll_read(context, buffer);
        if let Poll::Ready(Ok(())) = read {
            self.connection.received();
        }
        read
    }
}

impl Write for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.connection.sent(written.is_ready());
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(context, buffers);
        self.connection.sent(written.is_ready());
        written
    }
}
