//! The transport between nodes: a QUIC endpoint that speaks Runar's wire protocol.
//!
//! The core has a transport of its own, which is not used: it does not authenticate peers, stops
//! accepting them on half of its starts, registers only the first peer of a path, serves one call
//! of a peer at a time, cuts the connection on a large message, a dropped call or a panic, sends
//! calls again when it breaks, takes half a minute to find out that a peer is gone, and lets peers
//! call the registry and the keys. This one sends the same messages, so that nodes of the core are
//! peers like any other.

mod accept;
mod addresses;
#[cfg(any(test, fuzzing))]
#[path = "../../../tests/adversarial/mod.rs"]
pub mod adversarial;
mod attach;
pub mod call;
mod cipher;
mod core_peer;
pub mod delegate;
mod dial;
mod dial_state;
mod discovery;
mod errors;
mod handshake;
mod lifecycle;
mod link;
pub mod membership;
mod peers;
mod pending_replies;
mod publish;
pub mod session;
mod session_host;
mod socket;
mod tls;

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use quinn::Endpoint;
use runar_common::logging::Logger;
use runar_node::network::discovery::NodeInfo;
use runar_node::TopicPath;
use runar_schemas::{NodeMetadata, ServiceMetadata, SubscriptionMetadata};
use tokio::sync::{Notify, Semaphore};
use tokio::task::{AbortHandle, JoinSet};

use self::cipher::PayloadCipher;
use self::core_peer::response_cache::ResponseCache;
use self::delegate::NetworkDelegate;
use self::dial_state::DialState;
use self::discovery::Discovery;
use self::membership::Description;
use self::peers::{action_paths, Peers};
use self::pending_replies::PendingReplies;
use self::session::version::Versions;
use super::topic::{without_network, READ_STREAM_PATH};
use crate::config::NetworkConfig;
use crate::error::{Code, Error, Result};
use crate::sync::lock;

/// The minimum time between two warnings that peers can cause.
const WARNING_INTERVAL: Duration = Duration::from_secs(1);

pub struct Transport {
    own_id: String,
    public_key: Vec<u8>,
    network_id: String,
    /// The versions of sessions that this node speaks.
    versions: Versions,
    config: NetworkConfig,
    logger: Logger,
    cipher: PayloadCipher,
    endpoint: Endpoint,
    /// Where peers reach this node.
    addresses: Vec<SocketAddr>,
    delegate: Box<dyn NetworkDelegate>,
    peers: Peers,
    /// Peers to dial, by their ids.
    dials: Mutex<HashMap<String, DialState>>,
    /// Peers that the program has disconnected from.
    disconnected: Mutex<HashSet<String>>,
    response_cache: ResponseCache,
    /// Set while multicast discovery runs.
    discovery: OnceLock<Arc<Discovery>>,
    description: Mutex<Description>,
    /// Notified when the description has changed.
    description_changed: Notify,
    /// Permits for connections before the end of their handshake.
    handshake_permits: Arc<Semaphore>,
    /// Permits for dialling back peers that came without proof.
    dial_back_permits: Arc<Semaphore>,
    pending_replies: PendingReplies,
    last_warning: Mutex<Option<Instant>>,
    /// Tasks that end with the transport; `None` once it has stopped.
    tasks: Mutex<Option<JoinSet<()>>>,
}

impl Transport {
    /// Runs a task until it, or the transport, ends. A stopped transport runs no tasks.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> Option<AbortHandle> {
        let mut tasks = lock(&self.tasks);
        let tasks = tasks.as_mut()?;
        while tasks.try_join_next().is_some() {}
        Some(tasks.spawn(task))
    }

    pub fn addresses(&self) -> Vec<String> {
        self.addresses.iter().map(SocketAddr::to_string).collect()
    }

    /// How long one step between two nodes may take.
    fn step_timeout(&self) -> Duration {
        self.config.transport_options.timeout_ms.duration()
    }

    fn node_info(&self) -> NodeInfo {
        let description = lock(&self.description);
        let path =
            |topic: &String| SubscriptionMetadata { path: format!("{}:{topic}", self.network_id) };
        NodeInfo {
            node_public_key: self.public_key.clone(),
            network_ids: vec![self.network_id.clone()],
            addresses: self.addresses(),
            node_metadata: NodeMetadata {
                services: description.services.clone(),
                subscriptions: description.subscriptions.iter().map(path).collect(),
            },
            version: description.version,
        }
    }

    /// Applies a new description of a peer.
    async fn update(&self, peer: &str, authenticated: bool, info: NodeInfo) {
        self.delegate.add_remote_actions(action_paths(&info).collect()).await;
        if let Some(change) = self.peers.update(peer, authenticated, info) {
            self.delegate.peer_changed(change);
        }
    }

    /// Changes the description of this node, which peers will receive.
    pub fn describe(&self, services: Vec<ServiceMetadata>, subscriptions: Vec<String>) {
        let mut description = lock(&self.description);
        description.services = services;
        description.subscriptions = subscriptions;
        description.version += 1;
        drop(description);
        self.description_changed.notify_one();
    }

    /// Logs a warning that peers can cause, at debug level when another was logged just before.
    fn warn_throttled(&self, message: String) {
        let mut last = lock(&self.last_warning);
        let now = Instant::now();
        if last.is_some_and(|last| now.duration_since(last) < WARNING_INTERVAL) {
            self.logger.debug(message);
            return;
        }
        *last = Some(now);
        self.logger.warn(message);
    }

    fn full_topic(&self, path: &str) -> String {
        format!("{}:{path}", self.network_id)
    }

    fn offers(&self, service: &str) -> bool {
        lock(&self.description).services.iter().any(|offered| offered.service_path == service)
    }

    /// Fails unless peers may call a path, given with its network: the actions that this node
    /// offers, and neither the core's registry nor its keys, which the core would serve to any
    /// peer.
    fn check_admitted(&self, topic: &str) -> Result<()> {
        let parsed = TopicPath::from_full_path(topic)
            .map_err(|error| Error::new(Code::InvalidArgument, format!("{topic}: {error}")))?;
        let is_ours = parsed.network_id() == self.network_id;
        let path = without_network(topic);
        // A node of the core has no streams to read, and gets no answer there.
        if is_ours && (self.offers(&parsed.service_path()) || path == READ_STREAM_PATH) {
            return Ok(());
        }
        Err(Error::new(Code::NotFound, format!("{path}: no service has this action")))
    }
}
