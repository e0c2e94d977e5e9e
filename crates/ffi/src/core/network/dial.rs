//! Peers that are looked for: those of the config, those that a program connects to, and those that
//! discovery finds. Each is called until it is there, and again when it is lost.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use runar_common::compact_ids::compact_id;
use serde_json::json;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::discovery::{Discovery, Heard};
use super::link::{self, Introduced};
use super::{tls, Network};
use crate::config::DiscoveryOptions;
use crate::crossing::lock;
use crate::error::{Code, Error, Result};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// When two nodes find each other at once, the one with the greater id waits for the other's call,
/// as the core does.
const COURTESY: Duration = Duration::from_millis(300);

pub struct Wanted {
    addresses: Vec<String>,
    /// Until when a peer that discovery has found is looked for; others always are.
    until: Option<Instant>,
    heard: Instant,
    task: Option<AbortHandle>,
}

impl Network {
    pub(super) fn look_for_peers(self: &Arc<Self>, bound: SocketAddr) -> Result<()> {
        for peer in &self.config.peers {
            self.want(&compact_id(&peer.public_key.0), peer.addresses.clone(), None);
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

    fn heard(self: &Arc<Self>, options: &DiscoveryOptions, news: Heard) {
        match news {
            Heard::Announced { public_key, addresses } => {
                let id = compact_id(&public_key);
                let now = Instant::now();
                let is_repeated = lock(&self.wanted).get(&id).is_some_and(|wanted| {
                    wanted.addresses == addresses
                        && now.duration_since(wanted.heard) < options.debounce_window_ms.duration()
                });
                if !is_repeated {
                    self.want(&id, addresses, Some(now + options.node_ttl_ms.duration()));
                }
            }
            Heard::Goodbye { id } => {
                let mut wanted = lock(&self.wanted);
                if wanted.get(&id).is_some_and(|wanted| wanted.until.is_some()) {
                    if let Some(Wanted { task: Some(task), .. }) = wanted.remove(&id) {
                        task.abort();
                    }
                }
            }
        }
    }

    /// Looks for a peer from now on.
    pub(super) fn want(self: &Arc<Self>, id: &str, addresses: Vec<String>, until: Option<Instant>) {
        if id == self.own_id {
            return;
        }
        let mut wanted = lock(&self.wanted);
        let known = wanted.entry(id.to_owned()).or_insert_with(|| Wanted {
            addresses: Vec::new(),
            until,
            heard: Instant::now(),
            task: None,
        });
        known.heard = Instant::now();
        // What the program wants is not forgotten because discovery has found it too.
        known.until = known.until.and(until);
        if known.addresses != addresses {
            known.addresses = addresses;
            if let Some(task) = known.task.take() {
                task.abort();
            }
        }
        if known.task.as_ref().is_none_or(AbortHandle::is_finished) {
            let (network, id) = (self.clone(), id.to_owned());
            let mut tasks = lock(&self.tasks);
            while tasks.try_join_next().is_some() {}
            known.task = Some(tasks.spawn(async move { network.keep_calling(&id).await }));
        }
    }

    /// Stops looking for a peer, and closes what connects to it.
    pub fn disconnect(&self, id: &str) {
        if let Some(Wanted { task: Some(task), .. }) = lock(&self.wanted).remove(id) {
            task.abort();
        }
        for link in self.peers.all_links(id) {
            link.close("disconnected");
        }
    }

    async fn keep_calling(self: &Arc<Self>, id: &str) {
        let mut changes = self.peers.watch();
        let mut pause = FIRST_PAUSE;
        let discovered = lock(&self.wanted).get(id).is_some_and(|wanted| wanted.until.is_some());
        if discovered && self.own_id.as_str() > id {
            sleep(COURTESY).await;
        }
        loop {
            while self.peers.is_connected(id) {
                pause = FIRST_PAUSE;
                if changes.changed().await.is_err() {
                    return;
                }
            }
            let (addresses, until) = match lock(&self.wanted).get(id) {
                Some(wanted) => (wanted.addresses.clone(), wanted.until),
                None => return,
            };
            if until.is_some_and(|until| until < Instant::now()) {
                lock(&self.wanted).remove(id);
                return;
            }
            let wait = self.config.connection_timeout_ms.duration();
            match self.call(id, &addresses, wait).await {
                Ok(introduced) => self.take_in(introduced).await,
                Err(error) => {
                    self.logger.debug(format!("the peer {id} is not there: {error}"));
                    let jitter = u64::from(self.random::<u8>()) * pause.as_millis() as u64 / 512;
                    // An announcement, or its own call, may bring it before.
                    let _ = timeout(pause + Duration::from_millis(jitter), changes.changed()).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// Calls a peer at each of its addresses in turn.
    async fn call(&self, id: &str, addresses: &[String], wait: Duration) -> Result<Introduced> {
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

    async fn call_at(&self, id: &str, address: &str, wait: Duration) -> Result<Introduced> {
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
        match link::introduce(self, connection.clone(), id, wait.min(self.patience())).await {
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
        let mut pause = FIRST_PAUSE;
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
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
        self.want(&id, addresses, None);
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
        let network = self.clone();
        tokio::spawn(async move {
            if network.peers.is_connected(&id) {
                return;
            }
            let wait = network.config.peer_timeout_ms.duration();
            match network.call(&id, &[from.to_string()], wait).await {
                Ok(introduced) => network.take_in(introduced).await,
                Err(error) => network.logger.warn(format!("a peer is not accepted: {error}")),
            }
        });
    }
}
