//! A node of the Runar core, from one start to the next. The files of this folder are the only ones that
//! talk to `runar_node` and the crates over it; each defect of their version 0.1.0 that shows through is
//! repaired here, beside a comment that names it.

use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

use futures_util::future::BoxFuture;
use runar_common::logging::{Component, Logger};
use runar_keys::node::NodeKeyManagerState;
use runar_keys::NodeKeyManager;
use runar_node::services::{PublishOptions, RegistryDelegate};
#[cfg(feature = "test-fixtures")]
use runar_node::AbstractService;
use runar_node::{Node, NodeConfig, RequestContext, TopicPath};
use runar_schemas::ServiceMetadata;

use super::errors::{is_not_running, not_found, not_started};
use super::inbound::Inbound;
use super::network::{Membership, NetworkDelegate, Sessions, Transport};
use super::running::Running;
use super::service::{Answer, ServiceEntry};
use super::subscriptions::EventSink;
use super::topic::is_of;
use crate::config::Config;
use crate::error::{Code, Error, Result};
use crate::identity::Identity;
use crate::peer_call::{refuse, Caller, CancelOnDrop, Payload, ResponseCallback};
use crate::sync::lock;
use crate::value::ArcValue;

/// A node of the core, from one start to the next. The core's own restart is not used: a networked
/// node that is started again answers Ok without having bound its port.
pub struct Core {
    label: String,
    config: Config,
    identity: OnceLock<Identity>,
    /// Whether the identity was given, and has a certificate that counts.
    is_enrolled: bool,
    lifecycle: tokio::sync::Mutex<Option<Running>>,
    /// Made after `start`: a clone from before keeps its own, false `running`.
    caller: Mutex<Option<Arc<Node>>>,
    /// One for each topic or pattern, for good: the core's `unsubscribe` misses one of two
    /// subscribers of a topic, and overlapping patterns altogether.
    subscriptions: Mutex<Vec<(String, EventSink)>>,
    /// The paths of services that the core lists as paused because it cannot remove them.
    removed: Mutex<HashSet<String>>,
    network: Mutex<Option<Arc<Transport>>>,
    /// What peers are told that this node offers, and listens to.
    offered: Mutex<Vec<ServiceMetadata>>,
    listening: Mutex<BTreeSet<String>>,
    /// Actions of peers that the core knows a way to, for good.
    remote: Mutex<HashSet<String>>,
    inbound: Box<dyn Inbound>,
    /// Whether there are, or were, services in Rust, which may listen to events.
    listens_in_rust: AtomicBool,
}

impl Core {
    /// Whether the config says from which level on a component's records pass.
    pub fn has_level_for(&self, component: &str) -> bool {
        self.config.logging_config.as_ref().is_some_and(|logging| {
            logging.default_level.is_some() || logging.component_levels.contains_key(component)
        })
    }

    /// Without an identity the node gets one of its own, in a network of its own, when it starts.
    pub fn new(
        label: String,
        config: Config,
        identity: Option<Identity>,
        inbound: Box<dyn Inbound>,
    ) -> Self {
        Self {
            label,
            config,
            is_enrolled: identity.is_some(),
            identity: identity.map(OnceLock::from).unwrap_or_default(),
            lifecycle: tokio::sync::Mutex::new(None),
            caller: Mutex::new(None),
            subscriptions: Mutex::default(),
            removed: Mutex::default(),
            network: Mutex::default(),
            offered: Mutex::default(),
            listening: Mutex::default(),
            remote: Mutex::default(),
            inbound,
            listens_in_rust: AtomicBool::new(false),
        }
    }

    fn identity(&self) -> Result<&Identity> {
        if self.identity.get().is_none() {
            let made = Identity::ephemeral(&self.label).map_err(|error| {
                Error::new(
                    Code::StartFailed,
                    format!("The node's keys could not be made: {error:#}"),
                )
            })?;
            return Ok(self.identity.get_or_init(|| made));
        }
        self.identity.get().ok_or_else(|| Error::new(Code::StartFailed, "The node has no keys"))
    }

    fn network_id(&self, identity: &Identity) -> String {
        self.config.default_network_id.clone().unwrap_or_else(|| identity.network_id.clone())
    }

    /// Without the network, which is ours.
    fn node_config(&self, identity: &Identity) -> NodeConfig {
        NodeConfig::new(self.label.clone(), self.network_id(identity))
            .with_additional_networks(self.config.network_ids.clone())
            .with_key_manager_state(identity.key_state.clone())
    }

    /// Builds and starts a node with these services. Returns its id, and where it listens.
    pub async fn start(
        self: &Arc<Self>,
        services: Vec<ServiceEntry>,
    ) -> Result<(String, Vec<String>)> {
        let mut running = self.lifecycle.lock().await;
        if running.is_some() {
            return Err(Error::new(Code::StartFailed, "The node is running already"));
        }
        let identity = self.identity()?;
        if self.is_enrolled {
            identity.check()?;
        }
        let config = self.node_config(identity);
        let network_id = config.default_network_id.clone();
        let node = Node::new(config).await.map_err(not_started)?;
        let label = self.label.clone();
        let mut started = Running { node, network_id, label, known: Vec::new() };
        for service in services {
            started.add(service, false).await?;
        }
        let subscriptions = lock(&self.subscriptions).clone();
        for (topic, sink) in subscriptions {
            started.subscribe(&topic, sink).await?;
        }
        started.node.start().await.map_err(not_started)?;
        started.node.wait_for_services_to_start().await.map_err(not_started)?;
        let id = started.node.node_id().to_owned();
        *lock(&self.caller) = Some(Arc::new(started.node.clone()));
        *running = Some(started);
        drop(running);
        match self.join_network().await {
            Ok(addresses) => Ok((id, addresses)),
            Err(error) => {
                self.stop().await?;
                Err(error)
            }
        }
    }

    async fn join_network(self: &Arc<Self>) -> Result<Vec<String>> {
        let Some(config) = &self.config.network_config else {
            return Ok(Vec::new());
        };
        let identity = self.identity()?;
        let logger = Logger::new_root(Component::Node, &self.label);
        let unreadable = |error: &dyn std::fmt::Display| {
            Error::new(Code::StartFailed, format!("The node's keys cannot be read: {error}"))
        };
        let state: NodeKeyManagerState =
            bincode::deserialize(&identity.key_state).map_err(|error| unreadable(&error))?;
        let keys = NodeKeyManager::from_state(state, Arc::new(logger.clone()))
            .map_err(|error| unreadable(&error))?;
        let membership = Membership { keys: Arc::new(keys), network_id: self.network_id(identity) };
        let offered = lock(&self.offered).clone();
        let listening = lock(&self.listening).iter().cloned().collect();
        let network = Transport::start(
            membership,
            config.clone(),
            logger.with_component(Component::NetworkDiscovery),
            offered,
            listening,
            Box::new(InboundAdapter(Arc::downgrade(self))),
        )
        .await?;
        let addresses = network.addresses();
        *lock(&self.network) = Some(network);
        // Whoever began to listen meanwhile was not told of.
        self.tell_peers();
        Ok(addresses)
    }

    fn network(&self) -> Result<Arc<Transport>> {
        lock(&self.network).clone().ok_or_else(|| {
            Error::new(Code::InvalidArgument, "the node has no network: give it a network_config")
        })
    }

    /// Tells peers that the node offers a service, or does no longer.
    pub fn offer(&self, service: &ServiceEntry, offered: bool) -> Result<()> {
        let network_id = self.network_id(self.identity()?);
        let mut services = lock(&self.offered);
        services.retain(|known| known.service_path != service.path);
        if offered {
            services.push(service.metadata(network_id));
        }
        drop(services);
        self.tell_peers();
        Ok(())
    }

    /// Tells peers that the node listens to a topic or pattern, or does no longer.
    pub fn listen(&self, topic: &str, listening: bool) {
        let mut topics = lock(&self.listening);
        let is_news = match listening {
            true => topics.insert(topic.to_owned()),
            false => topics.remove(topic),
        };
        drop(topics);
        if is_news {
            self.tell_peers();
        }
    }

    fn tell_peers(&self) {
        if let Some(network) = &*lock(&self.network) {
            let topics = lock(&self.listening).iter().cloned().collect();
            network.describe(lock(&self.offered).clone(), topics);
        }
    }

    /// Connects to a peer, within a time. Returns its id.
    pub async fn connect(
        &self,
        public_key: &[u8],
        addresses: Vec<String>,
        wait: Duration,
    ) -> Result<String> {
        self.network()?.connect(public_key, addresses, wait).await
    }

    pub fn disconnect(&self, peer: &str) {
        if let Some(network) = &*lock(&self.network) {
            network.disconnect(peer);
        }
    }

    fn is_new_remote(&self, path: &str) -> bool {
        let mut remote = lock(&self.remote);
        remote.len() < MAX_REMOTE_ACTIONS && remote.insert(path.to_owned())
    }

    /// Makes the core find the way to actions of peers. Only what the core has is ever asked of
    /// peers, so the ways stay when the peers go.
    async fn know_remote(self: &Arc<Self>, paths: Vec<String>) {
        let Some(node) = self.caller() else {
            return;
        };
        for path in paths {
            // The core walks a path by recursion, and keeps each for good.
            let is_sane = path.len() <= MAX_PATH_BYTES && path.split('/').count() <= MAX_PATH_PARTS;
            if !is_sane || !self.is_new_remote(&path) {
                continue;
            }
            let core = Arc::downgrade(self);
            let handler = Arc::new(move |payload: Option<ArcValue>, context: RequestContext| {
                let core = core.clone();
                let topic = context.topic_path.as_str().to_owned();
                let answer: Answer = Box::pin(async move {
                    let gone = || Error::new(Code::Stopped, "The node has stopped");
                    let core = core.upgrade().ok_or_else(gone)?;
                    core.network()?.request(&topic, payload).await
                });
                answer
            });
            let registered = match TopicPath::from_full_path(&path) {
                Ok(topic) => {
                    RegistryDelegate::register_remote_action_handler(&*node, &topic, handler)
                        .await
                        .map_err(|error| error.to_string())
                }
                Err(error) => Err(error),
            };
            if let Err(error) = registered {
                lock(&self.remote).remove(&path);
                log::warn!("The action {path} of a peer cannot be called: {error}");
            }
        }
    }

    /// Stops the node, which must happen before it is dropped: one that is not stopped keeps its
    /// port and its tasks.
    pub async fn stop(&self) -> Result<()> {
        let mut running = self.lifecycle.lock().await;
        let network = lock(&self.network).take();
        if let Some(network) = network {
            network.stop().await;
        }
        lock(&self.caller).take();
        lock(&self.removed).clear();
        lock(&self.remote).clear();
        lock(&self.offered).clear();
        let Some(mut stopped) = running.take() else {
            return Ok(());
        };
        stopped.node.stop().await.map_err(|error| {
            Error::new(Code::StopFailed, format!("The core could not stop the node: {error:#}"))
        })
    }

    /// Makes the core tell of events, in this run and in every later one.
    pub async fn subscribe(&self, topic: String, sink: EventSink) -> Result<()> {
        let running = self.lifecycle.lock().await;
        lock(&self.subscriptions).push((topic.clone(), sink.clone()));
        match running.as_ref() {
            Some(running) => running.subscribe(&topic, sink).await,
            None => Ok(()),
        }
    }

    /// Publishes to subscribers in Rust and on peers.
    pub async fn publish(
        &self,
        topic: &str,
        value: Option<ArcValue>,
        retain_for: Option<Duration>,
    ) -> anyhow::Result<()> {
        let options = PublishOptions {
            broadcast: false,
            guaranteed_delivery: false,
            retain_for,
            target: None,
        };
        self.running()?.publish_with_options(topic, value.clone(), options).await?;
        let network = lock(&self.network).clone();
        match network {
            Some(network) => Ok(network.publish(topic, value.as_ref()).await?),
            None => Ok(()),
        }
    }

    /// From now on a service in Rust may listen to events of this node.
    pub fn has_listeners_in_rust(&self) {
        self.listens_in_rust.store(true, Ordering::Relaxed);
    }

    /// Publishes if that takes no more than to write it down for peers: then nobody in Rust listens
    /// here, and none of the peers is one of the core or has too much to hear already. `portable`
    /// gives the value. Says whether it was published.
    pub fn publish_now(
        &self,
        topic: &str,
        portable: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<bool> {
        if self.listens_in_rust.load(Ordering::Relaxed) {
            return Ok(false);
        }
        self.running()?;
        let network = lock(&self.network).clone();
        network.map_or(Ok(true), |network| network.publish_now(topic, portable))
    }

    /// Delivers an event of a peer.
    fn hear(&self, topic: &str, value: &Payload, exactly: bool) -> Result<()> {
        let subscriptions = lock(&self.subscriptions);
        let heard = subscriptions
            .iter()
            .filter(|(pattern, _)| pattern == topic || !exactly && is_of(topic, pattern));
        let sinks: Vec<EventSink> = heard.map(|(_, sink)| sink.clone()).collect();
        drop(subscriptions);
        sinks.iter().try_for_each(|sink| sink(topic, value))
    }

    /// Tells the core of a service; without a running node the next start does.
    pub async fn add(&self, service: ServiceEntry) -> Result<()> {
        let mut running = self.lifecycle.lock().await;
        let comes_back = lock(&self.removed).remove(&service.path);
        match running.as_mut() {
            Some(running) => running.add(service, comes_back).await,
            None => Ok(()),
        }
    }

    /// The core cannot remove a service. Paused, it refuses its calls and is listed as paused.
    pub async fn remove(&self, path: &str) -> Result<()> {
        let Some(node) = self.caller() else {
            return Ok(());
        };
        lock(&self.removed).insert(path.to_owned());
        node.local_request(format!("$registry/services/{path}/pause"), None)
            .await
            .map(drop)
            .map_err(|error| Error::new(Code::StopFailed, format!("{error:#}")))
    }

    /// One certain node of this SDK.
    pub fn sessions_with(&self, peer: &str, path: &str) -> Result<(Arc<Transport>, Sessions)> {
        let network = self.network()?;
        let sessions = network.sessions_with(peer, path)?;
        Ok((network, sessions))
    }

    pub fn is_networked(&self) -> bool {
        self.config.network_config.is_some()
    }

    pub fn is_running(&self) -> bool {
        lock(&self.caller).is_some()
    }

    fn caller(&self) -> Option<Arc<Node>> {
        lock(&self.caller).clone()
    }

    fn running(&self) -> Result<Arc<Node>> {
        self.caller().ok_or_else(|| Error::new(Code::NotStarted, "The node is not running"))
    }

    /// Calls a handler of this node, whatever its service's state in the core: the caller's side
    /// keeps that state. Never goes to a peer, so the future may be dropped.
    pub async fn request_local(
        &self,
        path: String,
        payload: Option<ArcValue>,
    ) -> anyhow::Result<ArcValue> {
        self.running()?.local_request(path, payload).await
    }

    /// Whom to ask for a path, when it is the turn of a node of this SDK.
    pub fn sessions_for(&self, path: &str) -> Option<(Arc<Transport>, Sessions)> {
        let network = lock(&self.network).clone()?;
        let sessions = network.sessions_for(path)?;
        Some((network, sessions))
    }

    /// Calls whoever has the path. May go to a peer: must be spawned and never dropped.
    pub async fn request(&self, path: &str, payload: Option<ArcValue>) -> anyhow::Result<ArcValue> {
        let answer = self.running()?.request(path, payload).await;
        let service = path.split('/').next().unwrap_or(path);
        match answer {
            Err(error) if is_not_running(&error) && lock(&self.removed).contains(service) => {
                Err(not_found(path).into())
            }
            answer => answer,
        }
    }

    /// A node of the core beside this one, without a port, which nobody else can reach. What a
    /// service of the crates that runs there asks for, it asks of handlers that its owner chose.
    pub async fn private_node(&self) -> Result<Running> {
        let identity = self.identity()?;
        let network_id = identity.network_id.clone();
        let config = NodeConfig::new(self.label.clone(), network_id.clone())
            .with_key_manager_state(identity.key_state.clone());
        let node = Node::new(config).await.map_err(not_started)?;
        Ok(Running { node, network_id, label: self.label.clone(), known: Vec::new() })
    }

    pub fn label(&self) -> &str {
        &self.label
    }

    #[cfg(feature = "test-fixtures")]
    pub async fn add_upstream<S: AbstractService + 'static>(&self, service: S) -> Result<()> {
        self.has_listeners_in_rust();
        match self.lifecycle.lock().await.as_mut() {
            Some(running) => running.node.add_service(service).await.map_err(not_started),
            None => Err(Error::new(Code::NotStarted, "The node is not running")),
        }
    }
}

/// What is taken of the paths that peers say they have.
const MAX_PATH_BYTES: usize = 1_024;
const MAX_PATH_PARTS: usize = 32;
const MAX_REMOTE_ACTIONS: usize = 100_000;

/// The node as its network sees it.
struct InboundAdapter(Weak<Core>);

impl NetworkDelegate for InboundAdapter {
    fn serve(
        &self,
        caller: Caller,
        path: String,
        payload: Payload,
        answered: ResponseCallback,
    ) -> CancelOnDrop {
        match self.0.upgrade() {
            Some(core) => core.inbound.serve(caller, path, payload, answered),
            None => refuse(Error::new(Code::Stopped, "The node has stopped"), answered),
        }
    }

    fn room(&self) -> BoxFuture<'static, ()> {
        match self.0.upgrade() {
            Some(core) => core.inbound.capacity(),
            None => Box::pin(std::future::ready(())),
        }
    }

    fn hear(&self, topic: &str, value: &Payload, exactly: bool) -> Result<()> {
        self.0.upgrade().map_or(Ok(()), |core| core.hear(topic, value, exactly))
    }

    fn offered(&self, paths: Vec<String>) -> BoxFuture<'static, ()> {
        let core = self.0.upgrade();
        Box::pin(async move {
            if let Some(core) = core {
                core.know_remote(paths).await;
            }
        })
    }

    fn peer_changed(&self, change: String) {
        if let Some(core) = self.0.upgrade() {
            core.inbound.peer_changed(change);
        }
    }
}
