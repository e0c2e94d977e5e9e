//! A node of the Runar core, from one start to the next. The files of this folder are the only ones that
//! talk to `runar_node` and the crates over it; each defect of their version 0.1.0 that shows through is
//! repaired here, beside a comment that names it.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

use futures_util::future::BoxFuture;
use runar_common::logging::{Component, Logger};
use runar_keys::node::NodeKeyManagerState;
use runar_keys::NodeKeyManager;
use runar_node::services::PublishOptions;
#[cfg(feature = "test-fixtures")]
use runar_node::AbstractService;
use runar_node::{Node, NodeConfig};

use super::errors::{is_not_running, not_found, not_started};
use super::inbound::Inbound;
use super::network::call::PeerRoute;
use super::network::delegate::NetworkDelegate;
use super::network::membership::Membership;
use super::network::Transport;
use super::offers::Offers;
use super::remote_actions::{RemoteActions, RemoteCall};
use super::running::Running;
use super::service::ServiceEntry;
use super::subscriptions::{EventSink, Subscriptions};
use crate::config::Config;
use crate::error::{Code, Error, Result};
use crate::identity::Identity;
use crate::peer_call::{refuse, Caller, CancelOnDrop, Payload, ResponseCallback};
use crate::sync::lock;
use crate::value::ArcValue;

/// The core's own restart is not used: a networked node that is started again answers Ok without having
/// bound its port.
pub struct Core {
    /// The name of the node in log records.
    label: String,
    config: Config,
    /// Made at the first start unless it was given.
    identity: OnceLock<Identity>,
    /// Whether the identity was given, and so has a certificate that must be valid.
    is_enrolled: bool,
    /// `None` while the node is stopped.
    lifecycle: tokio::sync::Mutex<Option<Running>>,
    /// Makes calls. Cloned after `start`: an earlier clone keeps its own, false `running`.
    caller: Mutex<Option<Arc<Node>>>,
    subscriptions: Subscriptions,
    /// The paths of services that the core lists as paused because it cannot remove them.
    removed: Mutex<HashSet<String>>,
    /// `None` for a local node.
    transport: Mutex<Option<Arc<Transport>>>,
    offers: Offers,
    remote_actions: RemoteActions,
    inbound: Box<dyn Inbound>,
    /// Whether there are, or were, services in Rust, which may subscribe to events.
    has_rust_subscribers: AtomicBool,
}

impl Core {
    /// Whether the config sets a log level that applies to a component.
    pub fn has_level_for(&self, component: &str) -> bool {
        self.config.logging_config.as_ref().is_some_and(|logging| {
            logging.default_level.is_some() || logging.component_levels.contains_key(component)
        })
    }

    /// Without an identity the node makes one, in a network of its own, at its first start.
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
            subscriptions: Subscriptions::default(),
            removed: Mutex::default(),
            transport: Mutex::default(),
            offers: Offers::default(),
            remote_actions: RemoteActions::default(),
            inbound,
            has_rust_subscribers: AtomicBool::new(false),
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

    /// The config of a local node: the transport is not the core's.
    fn node_config(&self, identity: &Identity) -> NodeConfig {
        NodeConfig::new(self.label.clone(), self.network_id(identity))
            .with_additional_networks(self.config.network_ids.clone())
            .with_key_manager_state(identity.key_state.clone())
    }

    /// Builds and starts a node with these services. Returns its id and its addresses.
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
        for (topic, sink) in self.subscriptions.all() {
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
        let transport = Transport::start(
            membership,
            config.clone(),
            logger.with_component(Component::NetworkDiscovery),
            self.offers.services(),
            self.offers.topics(),
            Box::new(CoreDelegate(Arc::downgrade(self))),
        )
        .await?;
        let addresses = transport.addresses();
        *lock(&self.transport) = Some(transport);
        // The offers may have changed meanwhile.
        self.update_peers();
        Ok(addresses)
    }

    fn transport(&self) -> Result<Arc<Transport>> {
        lock(&self.transport).clone().ok_or_else(|| {
            Error::new(Code::InvalidArgument, "the node has no network: give it a network_config")
        })
    }

    /// Offers a service to peers, or withdraws it.
    pub fn offer(&self, service: &ServiceEntry, offered: bool) -> Result<()> {
        let network_id = self.network_id(self.identity()?);
        match offered {
            true => self.offers.add_service(service.metadata(network_id)),
            false => self.offers.remove_service(&service.path),
        }
        self.update_peers();
        Ok(())
    }

    /// Subscribes to a topic or pattern of peers, or ends that.
    pub fn listen(&self, topic: &str, listening: bool) {
        if self.offers.set_topic(topic, listening) {
            self.update_peers();
        }
    }

    fn update_peers(&self) {
        if let Some(transport) = &*lock(&self.transport) {
            transport.describe(self.offers.services(), self.offers.topics());
        }
    }

    /// Connects to a peer, within a time. Returns its id.
    pub async fn connect(
        &self,
        public_key: &[u8],
        addresses: Vec<String>,
        timeout: Duration,
    ) -> Result<String> {
        self.transport()?.connect(public_key, addresses, timeout).await
    }

    pub fn disconnect(&self, peer: &str) {
        if let Some(transport) = &*lock(&self.transport) {
            transport.disconnect(peer);
        }
    }

    async fn add_remote_actions(self: &Arc<Self>, paths: Vec<String>) {
        let Some(node) = self.caller() else {
            return;
        };
        let core = Arc::downgrade(self);
        let call: RemoteCall = Arc::new(move |topic, payload| {
            let core = core.clone();
            Box::pin(async move {
                let gone = || Error::new(Code::Stopped, "The node has stopped");
                let core = core.upgrade().ok_or_else(gone)?;
                core.transport()?.request(&topic, payload).await
            })
        });
        self.remote_actions.register(&node, paths, &call).await;
    }

    /// Stops the node, which must happen before it is dropped: one that is not stopped keeps its
    /// port and its tasks.
    pub async fn stop(&self) -> Result<()> {
        let mut running = self.lifecycle.lock().await;
        let transport = lock(&self.transport).take();
        if let Some(transport) = transport {
            transport.stop().await;
        }
        lock(&self.caller).take();
        lock(&self.removed).clear();
        self.remote_actions.clear();
        self.offers.clear_services();
        let Some(mut stopped) = running.take() else {
            return Ok(());
        };
        stopped.node.stop().await.map_err(|error| {
            Error::new(Code::StopFailed, format!("The core could not stop the node: {error:#}"))
        })
    }

    /// Delivers the events of a topic or pattern to a sink, in this run and every later one.
    pub async fn subscribe(&self, topic: String, sink: EventSink) -> Result<()> {
        let running = self.lifecycle.lock().await;
        self.subscriptions.add(topic.clone(), sink.clone());
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
        let transport = lock(&self.transport).clone();
        match transport {
            Some(transport) => Ok(transport.publish(topic, value.as_ref()).await?),
            None => Ok(()),
        }
    }

    /// Notes that a service in Rust may subscribe to events of this node.
    pub fn set_has_rust_subscribers(&self) {
        self.has_rust_subscribers.store(true, Ordering::Relaxed);
    }

    /// Publishes if that only takes queueing for peers: no Rust service subscribes here, and all peers are nodes
    /// of this SDK with capacity. `portable` makes the value. Returns whether the event was published.
    pub fn publish_now(
        &self,
        topic: &str,
        portable: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<bool> {
        if self.has_rust_subscribers.load(Ordering::Relaxed) {
            return Ok(false);
        }
        self.running()?;
        let transport = lock(&self.transport).clone();
        transport.map_or(Ok(true), |transport| transport.publish_now(topic, portable))
    }

    /// Adds a service to the running node; a stopped node gets it at its next start.
    pub async fn add(&self, service: ServiceEntry) -> Result<()> {
        let mut running = self.lifecycle.lock().await;
        let is_readded = lock(&self.removed).remove(&service.path);
        match running.as_mut() {
            Some(running) => running.add(service, is_readded).await,
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

    /// Calls a handler of this node, whatever the state of its service in the core: JavaScript keeps that
    /// state. Never goes to a peer, so the future may be dropped.
    pub async fn request_local(
        &self,
        path: String,
        payload: Option<ArcValue>,
    ) -> anyhow::Result<ArcValue> {
        self.running()?.local_request(path, payload).await
    }

    /// The route to an action, when the next call of it goes to a node of this SDK.
    pub fn route_to_any_peer(&self, path: &str) -> Option<PeerRoute> {
        let transport = lock(&self.transport).clone()?;
        transport.route_to_any_peer(path)
    }

    /// The route to an action of a certain node of this SDK.
    pub fn route_to_peer(&self, peer: &str, path: &str) -> Result<PeerRoute> {
        self.transport()?.route_to_peer(peer, path)
    }

    /// Calls an action of this node or of a peer. The future must be spawned and never dropped.
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

    /// Makes a node of the core beside this one, without a port. A service of the core's crates that runs on it
    /// reaches only the handlers that its owner adds.
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
        self.set_has_rust_subscribers();
        match self.lifecycle.lock().await.as_mut() {
            Some(running) => running.node.add_service(service).await.map_err(not_started),
            None => Err(Error::new(Code::NotStarted, "The node is not running")),
        }
    }
}

/// The node as its transport sees it.
struct CoreDelegate(Weak<Core>);

impl NetworkDelegate for CoreDelegate {
    fn serve(
        &self,
        caller: Caller,
        path: String,
        payload: Payload,
        respond: ResponseCallback,
    ) -> CancelOnDrop {
        match self.0.upgrade() {
            Some(core) => core.inbound.serve(caller, path, payload, respond),
            None => refuse(Error::new(Code::Stopped, "The node has stopped"), respond),
        }
    }

    fn capacity(&self) -> BoxFuture<'static, ()> {
        match self.0.upgrade() {
            Some(core) => core.inbound.capacity(),
            None => Box::pin(std::future::ready(())),
        }
    }

    fn deliver(&self, topic: &str, value: &Payload, exactly: bool) -> Result<()> {
        let core = self.0.upgrade();
        core.map_or(Ok(()), |core| core.subscriptions.deliver(topic, value, exactly))
    }

    fn add_remote_actions(&self, paths: Vec<String>) -> BoxFuture<'static, ()> {
        let core = self.0.upgrade();
        Box::pin(async move {
            if let Some(core) = core {
                core.add_remote_actions(paths).await;
            }
        })
    }

    fn peer_changed(&self, change: String) {
        if let Some(core) = self.0.upgrade() {
            core.inbound.peer_changed(change);
        }
    }
}
