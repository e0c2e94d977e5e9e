//! Peers that are looked for: those of the config, those that a program connects to, and those that
//! discovery finds. Each is called until it is there, and again when it is lost.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use runar_common::compact_ids::compact_id;
use serde_json::json;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::discovery::{Discovery, DiscoveryEvent};
use super::link::{self, HandshakeOutcome};
use super::{tls, Transport};
use crate::config::DiscoveryOptions;
use crate::error::{Code, Error, Result};
use crate::sync::lock;

const MIN_BACKOFF: Duration = Duration::from_millis(100);
const MAX_BACKOFF: Duration = Duration::from_secs(5);

/// When two nodes find each other at once, the one with the greater id waits for the other's call,
/// as the core does.
const SIMULTANEOUS_DIAL_DELAY: Duration = Duration::from_millis(300);

/// What discovery hears is true or not: it makes the node look for so many peers at most, each at so
/// many addresses.
const MAX_ADDRESSES: usize = 8;

#[derive(Default)]
pub struct DialState {
    /// Where the program says that it is.
    known: Vec<String>,
    /// Where it says itself, by discovery, that it is; it may be somebody else who says so.
    heard: Vec<String>,
    /// Until when it is looked for because discovery has heard of it.
    until: Option<Instant>,
    last_heard: Option<Instant>,
    /// Something has changed that makes it worth to call at once.
    poke: Arc<Notify>,
    task: Option<AbortHandle>,
}

impl DialState {
    fn addresses(&self) -> Vec<String> {
        let mut addresses = self.known.clone();
        addresses.extend(self.heard.iter().filter(|heard| !self.known.contains(heard)).cloned());
        addresses
    }

    /// Whether there is still a reason to look for it.
    fn stands(&self) -> bool {
        !self.known.is_empty() || self.until.is_some_and(|until| until > Instant::now())
    }
}

impl Transport {
    pub(super) fn look_for_peers(self: &Arc<Self>, bound: SocketAddr) -> Result<()> {
        for peer in &self.config.peers {
            self.want(&compact_id(&peer.public_key.0), peer.addresses.clone());
        }
        let Some(options) = self.config.discovery().filter(|options| options.use_multicast) else {
            return Ok(());
        };
        let here_alone = bound.ip().is_loopback();
        let discovery = Discovery::open(&options, &self.public_key, &self.addresses, here_alone)?;
        let discovery = self.discovery.get_or_init(|| Arc::new(discovery)).clone();
        let network = self.clone();
        self.keep(async move {
            discovery.run(&options, |news| network.heard(&options, news)).await;
        });
        Ok(())
    }

    fn heard(self: &Arc<Self>, options: &DiscoveryOptions, news: DiscoveryEvent) {
        match news {
            DiscoveryEvent::Announced { public_key, mut addresses } => {
                let id = compact_id(&public_key);
                // No names, which anybody could have the node look up.
                addresses.retain(|address| address.parse::<SocketAddr>().is_ok());
                addresses.truncate(MAX_ADDRESSES);
                if addresses.is_empty() || lock(&self.unwanted).contains(&id) {
                    return;
                }
                let now = Instant::now();
                let mut wanted = lock(&self.wanted);
                let is_known = wanted.contains_key(&id);
                if !is_known && wanted.len() >= self.config.max_connections.0 as usize {
                    return;
                }
                let peer = wanted.entry(id.clone()).or_default();
                let debounce = options.debounce_window_ms.duration();
                let is_recent =
                    peer.last_heard.is_some_and(|last| now.duration_since(last) < debounce);
                if is_recent && peer.heard == addresses {
                    return;
                }
                peer.last_heard = Some(now);
                peer.until = Some(now + options.node_ttl_ms.duration());
                if peer.heard != addresses {
                    peer.heard = addresses;
                    peer.poke.notify_one();
                }
                self.ensure_calling(&id, peer);
            }
            DiscoveryEvent::Goodbye { id } => {
                if let Some(peer) = lock(&self.wanted).get_mut(&id) {
                    peer.until = None;
                    peer.heard.clear();
                }
            }
        }
    }

    /// Looks for a peer from now on, because the program says so.
    pub(super) fn want(self: &Arc<Self>, id: &str, addresses: Vec<String>) {
        if id == self.own_id {
            return;
        }
        lock(&self.unwanted).remove(id);
        let mut wanted = lock(&self.wanted);
        let peer = wanted.entry(id.to_owned()).or_default();
        if peer.known != addresses {
            peer.known = addresses;
            peer.poke.notify_one();
        }
        self.ensure_calling(id, peer);
    }

    fn ensure_calling(self: &Arc<Self>, id: &str, peer: &mut DialState) {
        if peer.task.as_ref().is_none_or(AbortHandle::is_finished) {
            let (network, id) = (self.clone(), id.to_owned());
            peer.task = self.keep(async move { network.keep_calling(&id).await });
        }
    }

    /// Stops looking for a peer, whoever told of it, and closes what connects to it.
    pub fn disconnect(&self, id: &str) {
        lock(&self.unwanted).insert(id.to_owned());
        if let Some(DialState { task: Some(task), .. }) = lock(&self.wanted).remove(id) {
            task.abort();
        }
        for link in self.peers.all_links(id) {
            link.close("disconnected");
        }
    }

    async fn keep_calling(self: &Arc<Self>, id: &str) {
        let mut changes = self.peers.watch();
        let mut pause = MIN_BACKOFF;
        let is_discovered = lock(&self.wanted).get(id).is_some_and(|peer| peer.known.is_empty());
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
                // One that ends as soon as it has begun is no reason to hurry.
                if since.elapsed() > MAX_BACKOFF {
                    pause = MIN_BACKOFF;
                } else {
                    sleep(pause).await;
                    pause = (pause * 2).min(MAX_BACKOFF);
                }
            }
            let (addresses, poke) = {
                let mut wanted = lock(&self.wanted);
                match wanted.get(id) {
                    Some(peer) if peer.stands() => (peer.addresses(), peer.poke.clone()),
                    _ => {
                        wanted.remove(id);
                        return;
                    }
                }
            };
            let wait = self.config.connection_timeout_ms.duration();
            match self.call(id, &addresses, wait).await {
                Ok(introduced) => self.take_in(introduced).await,
                Err(error) => self.logger.debug(format!("the peer {id} is not there: {error}")),
            }
            if self.peers.is_connected(id) {
                continue;
            }
            let jitter = u64::from(rand::random::<u8>()) * pause.as_millis() as u64 / 512;
            // Its own call, or news of where it is, may come before.
            tokio::select! {
                () = sleep(pause + Duration::from_millis(jitter)) => (),
                () = poke.notified() => (),
                () = self.connected(id) => (),
            }
            pause = (pause * 2).min(MAX_BACKOFF);
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

    /// Calls a peer at each of its addresses in turn.
    async fn call(
        self: &Arc<Self>,
        id: &str,
        addresses: &[String],
        wait: Duration,
    ) -> Result<HandshakeOutcome> {
        let deadline = Instant::now() + wait;
        let mut failures = Vec::new();
        for (at, address) in addresses.iter().enumerate() {
            let left = deadline.saturating_duration_since(Instant::now());
            // Each has its share, so that a silent one leaves time for those after it.
            let share = left / u32::try_from(addresses.len() - at).unwrap_or(1);
            match timeout(share, self.call_at(id, address, share)).await {
                Ok(Ok(introduced)) => return Ok(introduced),
                Ok(Err(error)) => failures.push(error),
                Err(_) => failures.push(Error::new(
                    Code::PeerUnreachable,
                    format!("{address}: nobody answered within {} ms", share.as_millis()),
                )),
            }
        }
        let code = failures.iter().find(|error| error.code == Code::PeerIdentity);
        let code = code.map_or(Code::PeerUnreachable, |error| error.code);
        let why: Vec<_> = failures.into_iter().map(|error| error.message).collect();
        Err(Error::new(code, format!("the peer {id} cannot be reached: {}", why.join("; ")))
            .with_details(json!({ "peer": id, "addresses": addresses })))
    }

    async fn call_at(
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
        let connection =
            connecting.await.map_err(|error| link::not_connected(id, address, &error))?;
        match link::introduce(self, connection.clone(), id, wait.min(self.step_timeout())).await {
            Ok(introduced) => Ok(introduced),
            Err(error) => {
                connection.close(quinn::VarInt::from_u32(1), error.message.as_bytes());
                Err(error)
            }
        }
    }

    /// Connects to a peer within a time, and looks for it from then on.
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
        let mut pause = MIN_BACKOFF;
        while !self.peers.is_connected(&id) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.call(&id, &addresses, left).await {
                Ok(introduced) => {
                    self.take_in(introduced).await;
                    break;
                }
                Err(error) if error.code == Code::PeerIdentity => return Err(error),
                Err(error) => {
                    if deadline.saturating_duration_since(Instant::now()) <= pause {
                        return Err(error);
                    }
                    sleep(pause).await;
                    pause = (pause * 2).min(MAX_BACKOFF);
                }
            }
        }
        self.want(&id, addresses);
        Ok(id)
    }

    /// Nodes of the core do not prove who they are when they call, but do when they are called. So
    /// whoever comes without proof is called back where the call came from: they listen there too.
    pub(super) fn call_back(self: &Arc<Self>, error: &Error, from: SocketAddr) {
        let key = error.details.as_ref().filter(|_| error.code == Code::NotAccepted);
        let key = key.and_then(|details| hex::decode(details["public_key"].as_str()?).ok());
        let Some(id) = key.map(|key| compact_id(&key)) else {
            return;
        };
        let Ok(permit) = self.called_back.clone().try_acquire_owned() else {
            return;
        };
        let network = self.clone();
        tokio::spawn(async move {
            let _permit = permit;
            if network.peers.is_connected(&id) {
                return;
            }
            let wait = network.config.peer_timeout_ms.duration();
            match network.call(&id, &[from.to_string()], wait).await {
                Ok(introduced) => network.take_in(introduced).await,
                Err(error) => network.warn(format!("a peer is not accepted: {error}")),
            }
        });
    }
}
