//! The connections of a gateway: taking, limiting, timing and closing them.

use std::future::{poll_fn, Future};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use slab::Slab;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until, timeout};

use super::connection::{Connection, Watched};
use super::handler::{Ends, Handler};
use crate::sync::lock;

/// How long responses may take to reach their clients when the gateway stops.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);
/// How long the system gets to free what it lacks for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);
/// The least that hyper reads at a time.
const LEAST_BUFFER: usize = 8_192;

const TOO_SLOW: &[u8] =
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
const TOO_MANY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n";

/// The connections that are open.
type Open = Arc<Mutex<Slab<Arc<Connection>>>>;

/// Serves until told to stop, and then until what is under way is answered.
pub async fn serve(listener: TcpListener, handler: Arc<Handler>, mut stop: watch::Receiver<bool>) {
    let open = Open::default();
    let mut tasks = JoinSet::new();
    let answers = handler.calls.clone();
    let handing_out = tokio::spawn(async move { answers.hand_out().await });
    let stopped = stop.clone();
    let accept = async {
        loop {
            let accepted = listener.accept().await;
            // Those that have ended need not be kept.
            while tasks.try_join_next().is_some() {}
            match accepted {
                Ok((socket, remote)) => {
                    if let Some(place) = Place::take(&open, handler.limits.max_connections) {
                        let (handler, stopped) = (handler.clone(), stopped.clone());
                        tasks.spawn(converse(socket, remote, place, handler, stopped));
                    } else {
                        say(&socket, TOO_MANY);
                    }
                }
                // Of the connection, which is gone.
                Err(error) if is_of_connection(&error) => {}
                // Of the system: it has no file left, for example. Somebody's has to go.
                Err(_) => {
                    make_room(&open);
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    };
    tokio::select! {
        () = accept => {}
        // Fails when the other side is gone, which asks for the same.
        _ = stop.wait_for(|stopped| *stopped) => {}
    }
    drop(listener);
    let all = async { while tasks.join_next().await.is_some() {} };
    // What is left then is cut off.
    let _ = timeout(SHUTDOWN_GRACE, all).await;
    tasks.shutdown().await;
    handing_out.abort();
}

fn is_of_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Tells a client why its connection is closed, if the socket takes it at once.
fn say(socket: &TcpStream, response: &[u8]) {
    let _ = socket.try_write(response);
}

/// Closes the connection that has waited for its client the longest. False when none waits.
fn make_room(open: &Open) -> bool {
    let open = lock(open);
    let waiting = open.iter().filter_map(|(_, one)| Some((one.evictable_since()?, one)));
    let longest = waiting.min_by_key(|(since, _)| *since);
    longest.map(|(_, connection)| connection.evict()).is_some()
}

/// A connection among those that are open.
struct Place {
    open: Open,
    key: usize,
    connection: Arc<Connection>,
}

impl Place {
    /// When there are too many, one that waits for its client makes room.
    fn take(open: &Open, limit: usize) -> Option<Self> {
        if lock(open).len() >= limit && !make_room(open) {
            return None;
        }
        let connection = Connection::new();
        let key = lock(open).insert(connection.clone());
        Some(Self { open: open.clone(), key, connection })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.open).remove(self.key);
    }
}

/// Serves one connection.
async fn converse(
    socket: TcpStream,
    remote: SocketAddr,
    place: Place,
    handler: Arc<Handler>,
    mut stop: watch::Receiver<bool>,
) {
    let Ok(local) = socket.local_addr() else { return };
    // A response is written in one piece; there is nothing to wait for.
    let _ = socket.set_nodelay(true);
    let connection = place.connection.clone();
    let io = Watched { socket: TokioIo::new(socket), connection: connection.clone() };
    let limits = &handler.limits;
    let serve = service_fn(|request| {
        let (handler, serving) = (handler.clone(), connection.serve());
        async move {
            let _serving = serving;
            handler.handle(request, Ends { local, remote }).await
        }
    });
    let mut conversation = http1::Builder::new()
        .timer(TokioTimer::new())
        // Times are kept here: hyper's would take the wait before a request for a part of it.
        .header_read_timeout(None)
        .max_header_size(limits.max_headers)
        .max_buf_size(limits.max_headers.max(LEAST_BUFFER))
        .serve_connection(io, serve);
    let timer = sleep_until((Instant::now() + limits.idle_timeout).into());
    tokio::pin!(timer);
    let mut is_stopping = *stop.borrow();
    loop {
        let has_ended = poll_fn(|context| {
            // Whatever went wrong concerns the client alone, which was told if it could be.
            if Pin::new(&mut conversation).poll(context).is_ready() {
                return Poll::Ready(true);
            }
            // One that was set for later is looked at when it fires, which costs requests nothing.
            if let Some(at) = connection.expires(limits) {
                if at < timer.deadline().into_std() {
                    timer.as_mut().reset(at.into());
                }
            }
            timer.as_mut().poll(context).map(|()| false)
        });
        tokio::select! {
            biased;
            has_ended = has_ended => if has_ended { return },
            () = connection.evicted(), if connection.waits_since().is_some() => return,
            _ = stop.changed(), if !is_stopping => is_stopping = true,
        }
        if is_stopping {
            // Hyper would wait for the request that it expects, or has the beginning of.
            if connection.has_nothing_to_finish() {
                return;
            }
            Pin::new(&mut conversation).graceful_shutdown();
        }
        let now = Instant::now();
        match connection.expires(limits) {
            Some(expired) if expired <= now => {
                if connection.is_receiving_head() && connection.has_nothing_to_finish() {
                    say(conversation.into_parts().io.socket.inner(), TOO_SLOW);
                }
                return;
            }
            Some(expires) => timer.as_mut().reset(expires.into()),
            None => timer.as_mut().reset((now + limits.idle_timeout).into()),
        }
    }
}
