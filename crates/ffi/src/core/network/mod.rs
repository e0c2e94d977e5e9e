//! A node among others: an endpoint of QUIC that speaks Runar's wire protocol.
//!
//! The core has a transport of its own, which is not used: it does not authenticate peers, stops
//! accepting them on half of its starts, registers only the first peer of a path, serves one call
//! of a peer at a time, cuts the connection on a large message, a dropped call or a panic, sends
//! calls again when it breaks, takes half a minute to find out that a peer is gone, and lets peers
//! call the registry and the keys. What travels is the same, so that nodes of the core are peers
//! like any other.

mod addresses;
mod dial;
mod discovery;
mod link;
mod peers;
mod serve;
mod tls;
mod wire;

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use futures_util::future::BoxFuture;
use quinn::{Endpoint, VarInt};
use runar_common::compact_ids::compact_id;
use runar_common::logging::Logger;
use runar_keys::NodeKeyManager;
use runar_node::network::discovery::NodeInfo;
use runar_node::network::transport::{MESSAGE_TYPE_EVENT, MESSAGE_TYPE_REQUEST};
use runar_node::TopicPath;
use runar_schemas::{NodeMetadata, ServiceMetadata, SubscriptionMetadata};
use runar_serializer::ArcValue;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::path_of;
use crate::config::NetworkConfig;
use crate::crossing::lock;
use crate::error::{Code, Error, Result};

use self::dial::Wanted;
use self::discovery::Discovery;
use self::link::{Introduced, Link};
use self::peers::Peers;
use self::serve::Answers;
use self::wire::Vault;

/// Streams that a peer may have open at a time, each way.
const STREAMS: u32 = 256;

/// The news that a node has changed is told at most so often.
const NEWS_PAUSE: Duration = Duration::from_millis(20);

/// What the network asks of the node that it belongs to.
pub trait Local: Send + Sync + 'static {
    fn call(
        &self,
        path: String,
        value: Option<ArcValue>,
    ) -> BoxFuture<'static, anyhow::Result<ArcValue>>;

    /// `exactly` means those who subscribed to just this topic or pattern.
    fn hear(&self, topic: &str, value: Option<ArcValue>, exactly: bool) -> Result<()>;

    /// There are actions of peers, by their full paths, that may not have been there before.
    fn offered(&self, paths: Vec<String>) -> BoxFuture<'static, ()>;

    /// JSON for JavaScript: `{ change, peer }`.
    fn peer_changed(&self, change: String);
}

pub struct Network {
    own_id: String,
    public_key: Vec<u8>,
    network_id: String,
    config: NetworkConfig,
    logger: Logger,
    vault: Vault,
    endpoint: Endpoint,
    addresses: Vec<SocketAddr>,
    local: Box<dyn Local>,
    peers: Peers,
    wanted: Mutex<HashMap<String, Wanted>>,
    answers: Answers,
    discovery: OnceLock<Arc<Discovery>>,
    described: Mutex<Description>,
    news: tokio::sync::Notify,
    /// What runs as long as the network does.
    tasks: Mutex<JoinSet<()>>,
}

/// What this node tells of itself.
#[derive(Default)]
struct Description {
    services: Vec<ServiceMetadata>,
    subscriptions: Vec<String>,
    version: i64,
}

/// Who this node is, in the network that it belongs to.
pub struct Membership {
    pub keys: Arc<NodeKeyManager>,
    pub network_id: String,
}

impl Network {
    /// Opens the port, and begins to look for peers.
    pub async fn start(
        membership: Membership,
        config: NetworkConfig,
        logger: Logger,
        services: Vec<ServiceMetadata>,
        subscriptions: Vec<String>,
        local: Box<dyn Local>,
    ) -> Result<Arc<Self>> {
        let Membership { keys, network_id } = membership;
        let limits =
            tls::Limits { peer_timeout: config.peer_timeout_ms.duration(), streams: STREAMS };
        let (server, client) = tls::configs(&keys, &limits).map_err(|error| {
            Error::new(Code::StartFailed, format!("The node cannot prove who it is: {error:#}"))
        })?;
        let bind = config.transport_options.bind_address;
        let mut endpoint = Endpoint::server(server, bind).map_err(|error| {
            Error::new(Code::Listen, format!("The node cannot listen on {bind}: {error}"))
                .with_details(json!({ "address": bind.to_string() }))
        })?;
        endpoint.set_default_client_config(client);
        let bound = endpoint
            .local_addr()
            .context("the address of the port")
            .map_err(|error| Error::new(Code::Listen, format!("{error:#}")))?;
        let public_key = keys.get_node_public_key();
        // The core takes no news whose version is not above the last; a node that starts again may
        // meet peers that still remember it.
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let version = i64::try_from(started.as_millis()).unwrap_or_default();
        let network = Arc::new(Self {
            own_id: compact_id(&public_key),
            public_key,
            vault: Vault::new(keys, network_id.clone()),
            network_id,
            logger,
            endpoint,
            addresses: addresses::reachable(bound),
            local,
            peers: Peers::default(),
            wanted: Mutex::default(),
            answers: Answers::default(),
            discovery: OnceLock::new(),
            described: Mutex::new(Description { services, subscriptions, version }),
            news: tokio::sync::Notify::new(),
            tasks: Mutex::default(),
            config,
        });
        if let Err(error) = network.look_for_peers(bound) {
            network.endpoint.close(VarInt::from_u32(0), b"not started");
            return Err(error);
        }
        let accepting = network.clone();
        network.keep(async move { accepting.accept().await });
        let telling = network.clone();
        network.keep(async move { telling.tell_news().await });
        network.warn_of_exposure(bound);
        Ok(network)
    }

    fn keep(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    fn warn_of_exposure(&self, bound: SocketAddr) {
        if bound.ip().is_loopback() || !self.config.accept_unauthenticated_peers {
            return;
        }
        self.logger.warn(format!(
            "{bound} is open to other machines, and accept_unauthenticated_peers lets whoever \
             reaches it call every service of this node: nodes of the core do not prove who they are"
        ));
    }

    pub fn addresses(&self) -> Vec<String> {
        self.addresses.iter().map(SocketAddr::to_string).collect()
    }

    fn random<T>(&self) -> T
    where
        rand::distr::StandardUniform: rand::distr::Distribution<T>,
    {
        rand::random()
    }

    fn correlation_id(&self) -> String {
        hex::encode(self.random::<[u8; 16]>())
    }

    /// How long one step of a conversation may take.
    fn patience(&self) -> Duration {
        self.config.transport_options.timeout_ms.duration()
    }

    fn description(&self) -> NodeInfo {
        let described = lock(&self.described);
        let path =
            |topic: &String| SubscriptionMetadata { path: format!("{}:{topic}", self.network_id) };
        NodeInfo {
            node_public_key: self.public_key.clone(),
            network_ids: vec![self.network_id.clone()],
            addresses: self.addresses(),
            node_metadata: NodeMetadata {
                services: described.services.clone(),
                subscriptions: described.subscriptions.iter().map(path).collect(),
            },
            version: described.version,
        }
    }

    fn offers(&self, service: &str) -> bool {
        lock(&self.described).services.iter().any(|offered| offered.service_path == service)
    }

    /// Tells peers of what this node offers, and listens to, from now on.
    pub fn describe(&self, services: Vec<ServiceMetadata>, subscriptions: Vec<String>) {
        let mut described = lock(&self.described);
        described.services = services;
        described.subscriptions = subscriptions;
        described.version += 1;
        drop(described);
        self.news.notify_one();
    }

    async fn tell_news(self: Arc<Self>) {
        loop {
            self.news.notified().await;
            for link in self.peers.links() {
                let told = match link::changed(&self, &link) {
                    Ok(frame) => link.tell(frame).await,
                    Err(error) => Err(error),
                };
                if let Err(error) = told {
                    self.logger.debug(format!("{} does not hear the news: {error}", link.peer));
                }
            }
            tokio::time::sleep(NEWS_PAUSE).await;
        }
    }

    async fn accept(self: Arc<Self>) {
        while let Some(incoming) = self.endpoint.accept().await {
            if self.endpoint.open_connections() >= self.config.max_connections.0 as usize {
                incoming.refuse();
                continue;
            }
            let network = self.clone();
            // Each on its own, so that one that says nothing holds up nobody.
            tokio::spawn(async move {
                let wait = network.config.connection_timeout_ms.duration();
                let Ok(Ok(connection)) = timeout(wait, incoming).await else {
                    return;
                };
                let from = connection.remote_address();
                match link::welcome(&network, connection.clone(), network.patience()).await {
                    Ok(introduced) => network.take_in(introduced).await,
                    Err(error) => {
                        let told = format!("{from} is turned away: {error}");
                        match error.code {
                            Code::PeerIdentity => network.logger.warn(told),
                            _ => network.logger.debug(told),
                        }
                        connection.close(VarInt::from_u32(1), error.message.as_bytes());
                        network.call_back(&error, from);
                    }
                }
            });
        }
    }

    /// Takes in a peer, and serves its connection from now to its end.
    async fn take_in(self: &Arc<Self>, Introduced { link, info }: Introduced) {
        self.local.offered(peers::action_paths(&info).collect()).await;
        self.local.peer_changed(self.peers.attach(link.clone(), info));
        let network = self.clone();
        tokio::spawn(async move {
            network.serve(&link).await;
            link.close("over");
            if let Some(change) = network.peers.detach(&link) {
                network.local.peer_changed(change);
            }
        });
    }

    async fn update(&self, link: &Link, info: NodeInfo) {
        self.local.offered(peers::action_paths(&info).collect()).await;
        if let Some(change) = self.peers.update(link, info) {
            self.local.peer_changed(change);
        }
    }

    /// Calls an action of a peer, one that offers it and whose turn it is.
    pub async fn request(
        self: &Arc<Self>,
        path: &str,
        value: Option<&ArcValue>,
    ) -> anyhow::Result<ArcValue> {
        let topic = TopicPath::new(path, &self.network_id).map_err(anyhow::Error::msg)?;
        let path = path_of(&topic).to_owned();
        let sealed = self.vault.seal(value).map_err(|error| error.at(&path))?;
        let mut failure = super::not_found(&path);
        // The next one only as long as nobody can have begun.
        for link in self.peers.offering(&topic) {
            let own = (self.own_id.as_str(), link.peer.as_str());
            let full = topic.as_str().to_owned();
            let message = wire::message(
                MESSAGE_TYPE_REQUEST,
                own,
                full,
                sealed.clone(),
                self.correlation_id(),
            );
            let limit = link.limit(self);
            let frame = wire::framed(&message, limit)
                .map_err(|error| error.at(&format!("{path}: the payload")))?;
            match link.ask(&frame).await {
                Ok(stream) => return self.answer_from(link, stream, &path).await,
                Err(error) => failure = error.at(&path),
            }
        }
        Err(failure.into())
    }

    /// Waits for an answer on a task of its own, so that the caller may give up: the core takes a
    /// stream that is no longer read for the end of the connection.
    async fn answer_from(
        self: &Arc<Self>,
        link: Arc<Link>,
        mut stream: quinn::RecvStream,
        path: &str,
    ) -> anyhow::Result<ArcValue> {
        let network = self.clone();
        let answer = tokio::spawn(async move {
            let limit = network.config.message_limit();
            let message = match wire::read(&mut stream, limit).await {
                Ok(message) => message,
                Err(error) if error.code == Code::PeerLost => {
                    return Err(link::lost(&link.peer, error.message));
                }
                Err(error) => return Err(error),
            };
            wire::answer(&network.vault, &message, link.sdk)
        });
        let wait = self.config.request_timeout_ms.duration();
        let answer = timeout(wait, answer).await.map_err(|_| {
            Error::new(
                Code::Timeout,
                format!("{path}: the peer has not answered within {} ms", wait.as_millis()),
            )
        })?;
        let answer = answer.context("the answer of a peer")?;
        let value = answer.map_err(|error| error.at(path))?;
        Ok(value.unwrap_or_else(ArcValue::null))
    }

    /// Tells the peers that listen of an event.
    pub async fn publish(&self, topic: &str, value: Option<&ArcValue>) -> Result<()> {
        let invalid = |why| Error::new(Code::InvalidArgument, why);
        let topic = TopicPath::new(topic, &self.network_id).map_err(invalid)?;
        let listening = self.peers.listening(&topic);
        if listening.is_empty() {
            return Ok(());
        }
        let sealed = self.vault.seal(value).map_err(|error| error.at(path_of(&topic)))?;
        let mut failure = None;
        for link in listening {
            let own = (self.own_id.as_str(), link.peer.as_str());
            let full = topic.as_str().to_owned();
            let id = self.correlation_id();
            let message = wire::message(MESSAGE_TYPE_EVENT, own, full, sealed.clone(), id);
            let frame = wire::framed(&message, link.limit(self))
                .map_err(|error| error.at(&format!("{}: the value", path_of(&topic))))?;
            let wait = self.patience();
            match timeout(wait, link.tell(frame)).await {
                Ok(Ok(())) => (),
                // It is gone, as the table of peers will say.
                Ok(Err(error)) => self.logger.debug(format!("{error}")),
                Err(_) => {
                    let text =
                        format!("{}: the peer {} takes no events", path_of(&topic), link.peer);
                    failure = Some(Error::new(Code::Overload, text));
                }
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// Says goodbye and closes everything. What peers are still to answer fails.
    pub async fn stop(&self) {
        if let Some(discovery) = self.discovery.get() {
            discovery.say_goodbye().await;
        }
        let mut tasks = std::mem::take(&mut *lock(&self.tasks));
        tasks.shutdown().await;
        self.endpoint.close(VarInt::from_u32(0), b"shutdown");
        // Peers that hear nothing of it find out by themselves.
        let _ = timeout(Duration::from_millis(500), self.endpoint.wait_idle()).await;
    }
}
