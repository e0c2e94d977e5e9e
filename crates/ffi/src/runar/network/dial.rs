//! Dialling of peers: those of the config, those that a program connects to, and those that
//! discovery finds. Each is dialled until it is connected, and again when it is lost.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use runar_common::compact_ids::compact_id;
use serde_json::json;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::dial_state::DialState;
use super::discovery::{Discovery, DiscoveryEvent};
use super::errors::not_connected;
use super::handshake::{self, HandshakeOutcome};
use super::{tls, Transport};
use crate::config::DiscoveryOptions;
use crate::error::{Code, Error, Result};
use crate::sync::lock;

const MIN_BACKOFF: Duration = Duration::from_millis(100);
const MAX_BACKOFF: Duration = Duration::from_secs(5);

/// When two nodes discover each other at once, the one with the greater id waits for the other to
/// dial, as the core does.
const SIMULTANEOUS_DIAL_DELAY: Duration = Duration::from_millis(300);

/// How many addresses of an announcement are dialled: it may be false.
const MAX_ADDRESSES: usize = 8;

/// How many peers without proof are dialled back at a time.
pub const MAX_DIAL_BACKS: usize = 8;

impl Transport {
    pub(super) fn start_dialing(self: &Arc<Self>, bound: SocketAddr) -> Result<()> {
        for peer in &self.config.peers {
            self.dial_peer(&compact_id(&peer.public_key.0), peer.addresses.clone());
        }
        let Some(options) = self.config.discovery().filter(|options| options.use_multicast) else {
            return Ok(());
        };
        let is_local = bound.ip().is_loopback();
        let discovery = Discovery::open(&options, &self.public_key, &self.addresses, is_local)?;
        let discovery = self.discovery.get_or_init(|| Arc::new(discovery)).clone();
        let transport = self.clone();
        self.spawn(async move {
            discovery.run(&options, |event| transport.on_discovery(&options, event)).await;
        });
        Ok(())
    }

    fn on_discovery(self: &Arc<Self>, options: &DiscoveryOptions, event: DiscoveryEvent) {
        match event {
            DiscoveryEvent::Announced { public_key, mut addresses } => {
                let id = compact_id(&public_key);
                // No names: any sender could make the node look them up.
                addresses.retain(|address| address.parse::<SocketAddr>().is_ok());
                addresses.truncate(MAX_ADDRESSES);
                if addresses.is_empty() || lock(&self.disconnected).contains(&id) {
                    return;
                }
                let now = Instant::now();
                let mut dials = lock(&self.dials);
                let is_known = dials.contains_key(&id);
                if !is_known && dials.len() >= self.config.max_connections.0 as usize {
                    return;
                }
                let peer = dials.entry(id.clone()).or_default();
                let debounce = options.debounce_window_ms.duration();
                let is_recent =
                    peer.last_announced.is_some_and(|last| now.duration_since(last) < debounce);
                if is_recent && peer.discovered == addresses {
                    return;
                }
                peer.last_announced = Some(now);
                peer.until = Some(now + options.node_ttl_ms.duration());
                if peer.discovered != addresses {
                    peer.discovered = addresses;
                    peer.retry_now.notify_one();
                }
                self.ensure_dialing(&id, peer);
            }
            DiscoveryEvent::Goodbye { id } => {
                if let Some(peer) = lock(&self.dials).get_mut(&id) {
                    peer.until = None;
                    peer.discovered.clear();
                }
            }
        }
    }

    /// Keeps a connection to a peer from now on, at the addresses that the program gave.
    pub(super) fn dial_peer(self: &Arc<Self>, id: &str, addresses: Vec<String>) {
        if id == self.own_id {
            return;
        }
        lock(&self.disconnected).remove(id);
        let mut dials = lock(&self.dials);
        let peer = dials.entry(id.to_owned()).or_default();
        if peer.configured != addresses {
            peer.configured = addresses;
            peer.retry_now.notify_one();
        }
        self.ensure_dialing(id, peer);
    }

    fn ensure_dialing(self: &Arc<Self>, id: &str, peer: &mut DialState) {
        if peer.task.as_ref().is_none_or(AbortHandle::is_finished) {
            let (transport, id) = (self.clone(), id.to_owned());
            peer.task = self.spawn(async move { transport.keep_connected(&id).await });
        }
    }

    /// Stops dialling a peer, and closes its links.
    pub fn disconnect(&self, id: &str) {
        lock(&self.disconnected).insert(id.to_owned());
        if let Some(DialState { task: Some(task), .. }) = lock(&self.dials).remove(id) {
            task.abort();
        }
        for link in self.peers.all_links(id) {
            link.close("disconnected");
        }
    }

    async fn keep_connected(self: &Arc<Self>, id: &str) {
        let mut changes = self.peers.watch();
        let mut backoff = MIN_BACKOFF;
        let is_discovered =
            lock(&self.dials).get(id).is_some_and(|peer| peer.configured.is_empty());
        if is_discovered && self.own_id.as_str() > id {
            sleep(SIMULTANEOUS_DIAL_DELAY).await;
        }
        loop {
            if self.peers.is_connected(id) {
                let since = Instant::now();
                while self.peers.is_connected(id) {
                    if changes.changed().await.is_err() {
                        return;
                    }
                }
                // A connection that ends as soon as it has begun does not reset the backoff.
                if since.elapsed() > MAX_BACKOFF {
                    backoff = MIN_BACKOFF;
                } else {
                    sleep(backoff).await;
                    backoff = (backoff * 2).min(MAX_BACKOFF);
                }
            }
            let (addresses, retry_now) = {
                let mut dials = lock(&self.dials);
                match dials.get(id) {
                    Some(peer) if peer.is_wanted() => (peer.addresses(), peer.retry_now.clone()),
                    _ => {
                        dials.remove(id);
                        return;
                    }
                }
            };
            let wait = self.config.connection_timeout_ms.duration();
            match self.dial(id, &addresses, wait).await {
                Ok(outcome) => self.attach(outcome).await,
                Err(error) => self.logger.debug(format!("the peer {id} is not there: {error}")),
            }
            if self.peers.is_connected(id) {
                continue;
            }
            let jitter = u64::from(rand::random::<u8>()) * backoff.as_millis() as u64 / 512;
            // The peer may dial, or announce itself, earlier.
            tokio::select! {
                () = sleep(backoff + Duration::from_millis(jitter)) => (),
                () = retry_now.notified() => (),
                () = self.connected(id) => (),
            }
            backoff = (backoff * 2).min(MAX_BACKOFF);
        }
    }

    /// Waits until a peer is connected.
    async fn connected(&self, id: &str) {
        let mut changes = self.peers.watch();
        while !self.peers.is_connected(id) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Dials a peer at each of its addresses in turn.
    async fn dial(
        self: &Arc<Self>,
        id: &str,
        addresses: &[String],
        wait: Duration,
    ) -> Result<HandshakeOutcome> {
        let deadline = Instant::now() + wait;
        let mut failures = Vec::new();
        for (at, address) in addresses.iter().enumerate() {
            let left = deadline.saturating_duration_since(Instant::now());
            // Each address gets a share, so that a silent one leaves time for the others.
            let share = left / u32::try_from(addresses.len() - at).unwrap_or(1);
            match timeout(share, self.dial_address(id, address, share)).await {
                Ok(Ok(outcome)) => return Ok(outcome),
                Ok(Err(error)) => failures.push(error),
                Err(_) => failures.push(Error::new(
                    Code::PeerUnreachable,
                    format!("{address}: nobody answered within {} ms", share.as_millis()),
                )),
            }
        }
        let mut details = json!({ "peer": id, "addresses": addresses });
        let cause = failures.iter().find(|error| is_final(error));
        let code = cause.map_or(Code::PeerUnreachable, |error| error.code);
        let mismatch = cause.filter(|error| error.code == Code::PeerVersion);
        for key in ["own", "peers"] {
            if let Some(versions) = mismatch.and_then(|error| error.details.as_ref()?.get(key)) {
                details[key] = versions.clone();
            }
        }
        let why: Vec<_> = failures.into_iter().map(|error| error.message).collect();
        let text = format!("the peer {id} cannot be reached: {}", why.join("; "));
        Err(Error::new(code, text).with_details(details))
    }

    async fn dial_address(
        self: &Arc<Self>,
        id: &str,
        address: &str,
        wait: Duration,
    ) -> Result<HandshakeOutcome> {
        let unreachable =
            |why: String| Error::new(Code::PeerUnreachable, format!("{address}: {why}"));
        let to: SocketAddr = match address.parse() {
            Ok(to) => to,
            Err(_) => tokio::net::lookup_host(address)
                .await
                .map_err(|error| unreachable(error.to_string()))?
                .find(|found| {
                    found.is_ipv4() == self.config.transport_options.bind_address.is_ipv4()
                })
                .ok_or_else(|| unreachable("the name has no address of our kind".to_owned()))?,
        };
        let connecting = self
            .endpoint
            .connect(to, &tls::server_name(id))
            .map_err(|error| unreachable(error.to_string()))?;
        let connection = connecting.await.map_err(|error| not_connected(id, address, &error))?;
        match handshake::initiate(self, connection.clone(), id, wait.min(self.step_timeout())).await
        {
            Ok(outcome) => Ok(outcome),
            Err(error) => {
                handshake::close(self, &connection, &error);
                Err(error)
            }
        }
    }

    /// Connects to a peer within a time, and keeps the connection from then on.
    pub async fn connect(
        self: &Arc<Self>,
        public_key: &[u8],
        addresses: Vec<String>,
        wait: Duration,
    ) -> Result<String> {
        let id = compact_id(public_key);
        if id == self.own_id {
            return Err(Error::new(Code::InvalidArgument, "the peer is this node itself"));
        }
        let deadline = Instant::now() + wait;
        let mut backoff = MIN_BACKOFF;
        while !self.peers.is_connected(&id) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.dial(&id, &addresses, left).await {
                Ok(outcome) => {
                    self.attach(outcome).await;
                    break;
                }
                Err(error) if is_final(&error) => return Err(error),
                Err(error) => {
                    if deadline.saturating_duration_since(Instant::now()) <= backoff {
                        return Err(error);
                    }
                    sleep(backoff).await;
                    backoff = (backoff * 2).min(MAX_BACKOFF);
                }
            }
        }
        self.dial_peer(&id, addresses);
        Ok(id)
    }

    /// Dials back a peer that came without proof. Nodes of the core prove their identity only when
    /// they are dialled, and listen where they dial from.
    pub(super) fn dial_back(self: &Arc<Self>, error: &Error, from: SocketAddr) {
        let key = error.details.as_ref().filter(|_| error.code == Code::NotAccepted);
        let key = key.and_then(|details| hex::decode(details["public_key"].as_str()?).ok());
        let Some(id) = key.map(|key| compact_id(&key)) else {
            return;
        };
        let Ok(permit) = self.dial_back_permits.clone().try_acquire_owned() else {
            return;
        };
        let transport = self.clone();
        tokio::spawn(async move {
            let _permit = permit;
            if transport.peers.is_connected(&id) {
                return;
            }
            let wait = transport.config.peer_timeout_ms.duration();
            match transport.dial(&id, &[from.to_string()], wait).await {
                Ok(outcome) => transport.attach(outcome).await,
                Err(error) => transport.warn_throttled(format!("a peer is not accepted: {error}")),
            }
        });
    }
}

/// Whether dialling again does not help before somebody changes a node.
fn is_final(error: &Error) -> bool {
    matches!(error.code, Code::PeerIdentity | Code::PeerVersion)
}
