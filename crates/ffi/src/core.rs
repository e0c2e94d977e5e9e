//! The Runar core. This file and those of `core/` are the only ones that talk to `runar_node` and
//! the crates over it; each defect of their version 0.1.0 that shows through is repaired here,
//! beside a comment that names it.

#[cfg(test)]
mod config_mirror;
mod network;
#[cfg_attr(not(feature = "services"), path = "core/no_services.rs")]
pub mod services;
#[cfg(any(test, feature = "test-fixtures"))]
mod unreachable;

use std::collections::{BTreeSet, HashSet};
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::future::BoxFuture;
use futures_util::FutureExt;
use runar_common::logging::{Component, Logger};
use runar_keys::node::NodeKeyManagerState;
use runar_keys::NodeKeyManager;
use runar_node::services::service_registry::EventHandler;
use runar_node::services::{LifecycleContext, NodeDelegate, PublishOptions, RegistryDelegate};
use runar_node::{AbstractService, Node, NodeConfig, RequestContext, TopicPath};
use runar_schemas::{ActionMetadata, ServiceMetadata};
use serde_json::Value;

pub use runar_serializer::{ArcValue, ValueCategory};

#[cfg(fuzzing)]
pub use self::network::attacks::fuzzed;
pub use self::network::{Ask, Ended};
use self::network::{Local, Membership, Network, Sessions};
#[cfg(any(test, feature = "test-fixtures"))]
pub use self::unreachable::Unreachable;
use crate::call::Outcome;
use crate::config::Config;
use crate::crossing::{lock, Isolate};
use crate::error::{Code, Error, Result};
use crate::failure::JsFailure;
use crate::identity::Identity;
use crate::remote::{refuse, Answered, Begun, Caller, Carried};
use crate::runtime;
use crate::value::{self, Held};

pub type Answer = Pin<Box<dyn Future<Output = anyhow::Result<ArcValue>> + Send>>;

/// What the core calls for an action: the payload and, in full, the topic that was asked for.
pub type Handler = Arc<dyn Fn(Option<ArcValue>, String) -> Answer + Send + Sync>;

/// What the core, or a peer, tells of an event: its topic, in full, and its value.
pub type EventSink = Arc<dyn Fn(&str, &Carried) -> Result<()> + Send + Sync>;

/// What peers reach of a node.
pub trait Inbound: Send + Sync + 'static {
    /// Calls an action for a peer. The answer comes in the form of the payload; in binary form it
    /// has no handles.
    fn serve(&self, caller: Caller, path: String, payload: Carried, answered: Answered) -> Begun;

    /// Waits until JavaScript has taken enough of what was heard before.
    fn room(&self) -> BoxFuture<'static, ()>;

    /// JSON: `{ change, peer }`.
    fn peer_changed(&self, change: String);
}

/// A service that a gateway may make reachable.
pub struct Reachable {
    pub name: String,
    pub path: String,
    pub actions: Vec<String>,
    pub is_javascript: bool,
}

/// A service as the core sees it.
#[derive(Clone)]
pub struct ServiceEntry {
    pub name: String,
    pub path: String,
    pub version: String,
    pub description: String,
    pub actions: Vec<(String, Handler)>,
}

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
    network: Mutex<Option<Arc<Network>>>,
    /// What peers are told that this node offers, and listens to.
    offered: Mutex<Vec<ServiceMetadata>>,
    listening: Mutex<BTreeSet<String>>,
    /// Actions of peers that the core knows a way to, for good.
    remote: Mutex<HashSet<String>>,
    inbound: Box<dyn Inbound>,
    /// Whether there are, or were, services in Rust, which may listen to events.
    listens_in_rust: AtomicBool,
}

struct Running {
    node: Node,
    network_id: String,
    /// The label of the node's records.
    label: String,
    /// The paths of the services that the core knows, with their actions.
    known: Vec<(String, Vec<String>)>,
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
        let network = Network::start(
            membership,
            config.clone(),
            logger.with_component(Component::NetworkDiscovery),
            offered,
            listening,
            Box::new(Inward(Arc::downgrade(self))),
        )
        .await?;
        let addresses = network.addresses();
        *lock(&self.network) = Some(network);
        // Whoever began to listen meanwhile was not told of.
        self.tell_peers();
        Ok(addresses)
    }

    fn network(&self) -> Result<Arc<Network>> {
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
        remote.len() < MOST_REMOTE && remote.insert(path.to_owned())
    }

    /// Makes the core find the way to actions of peers. Only what the core has is ever asked of
    /// peers, so the ways stay when the peers go.
    async fn know_remote(self: &Arc<Self>, paths: Vec<String>) {
        let Some(node) = self.caller() else {
            return;
        };
        for path in paths {
            // The core walks a path by recursion, and keeps each for good.
            let is_sane = path.len() <= LONGEST_PATH && path.split('/').count() <= MOST_PARTS;
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
    fn hear(&self, topic: &str, value: &Carried, exactly: bool) -> Result<()> {
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
    pub fn sessions_with(&self, peer: &str, path: &str) -> Result<(Arc<Network>, Sessions)> {
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
    pub fn sessions_for(&self, path: &str) -> Option<(Arc<Network>, Sessions)> {
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

    #[cfg(feature = "test-fixtures")]
    pub async fn add_upstream<S: AbstractService + 'static>(&self, service: S) -> Result<()> {
        self.has_listeners_in_rust();
        match self.lifecycle.lock().await.as_mut() {
            Some(running) => running.node.add_service(service).await.map_err(not_started),
            None => Err(Error::new(Code::NotStarted, "The node is not running")),
        }
    }
}

/// Where a node of this SDK reads the streams of another; `sdk/src/streams.ts` has the same.
pub const READ_STREAM: &str = "$streams/read";

/// What is taken of the paths that peers say they have.
const LONGEST_PATH: usize = 1_024;
const MOST_PARTS: usize = 32;
const MOST_REMOTE: usize = 100_000;

/// The node as its network sees it.
struct Inward(Weak<Core>);

impl Local for Inward {
    fn serve(&self, caller: Caller, path: String, payload: Carried, answered: Answered) -> Begun {
        match self.0.upgrade() {
            Some(core) => core.inbound.serve(caller, path, payload, answered),
            None => refuse(Error::new(Code::Stopped, "The node has stopped"), answered),
        }
    }

    fn room(&self) -> BoxFuture<'static, ()> {
        match self.0.upgrade() {
            Some(core) => core.inbound.room(),
            None => Box::pin(std::future::ready(())),
        }
    }

    fn hear(&self, topic: &str, value: &Carried, exactly: bool) -> Result<()> {
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

impl ServiceEntry {
    pub fn metadata(&self, network_id: String) -> ServiceMetadata {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let action = |(name, _): &(String, Handler)| ActionMetadata {
            name: name.clone(),
            description: String::new(),
            input_schema: None,
            output_schema: None,
        };
        ServiceMetadata {
            network_id,
            service_path: self.path.clone(),
            name: self.name.clone(),
            version: self.version.clone(),
            description: self.description.clone(),
            actions: self.actions.iter().map(action).collect(),
            registration_time: now,
            last_start_time: Some(now),
        }
    }
}

impl Running {
    async fn subscribe(&self, topic: &str, sink: EventSink) -> Result<()> {
        let handler: EventHandler = Arc::new(move |context, value| {
            // A subscriber's panic would reach the publisher.
            let value = Carried::Value(value.unwrap_or_else(ArcValue::null));
            let topic = path_of(&context.topic_path);
            let told = catch_unwind(AssertUnwindSafe(|| sink(topic, &value)));
            let told = told.unwrap_or_else(|payload| Err(Error::from_panic(payload)));
            Box::pin(std::future::ready(told.map_err(anyhow::Error::from)))
        });
        NodeDelegate::subscribe(&self.node, topic, handler, None)
            .await
            .map(drop)
            .map_err(not_started)
    }

    async fn add(&mut self, service: ServiceEntry, comes_back: bool) -> Result<()> {
        let known = self.known.iter_mut().find(|(path, _)| *path == service.path);
        let Some((path, actions)) = known else {
            let actions = service.actions.iter().map(|(name, _)| name.clone()).collect();
            self.known.push((service.path.clone(), actions));
            return self.node.add_service(UpstreamService(service)).await.map_err(not_started);
        };
        // A path that was removed and comes back: the first registration of an action stays in the
        // core for good, and its handler finds the new service by itself.
        let context = lifecycle_context(&self.node, &self.network_id, path, &self.label)
            .map_err(not_started)?;
        for (name, handler) in service.actions {
            if !actions.contains(&name) {
                register(&context, &name, handler).await.map_err(not_started)?;
                actions.push(name);
            }
        }
        if !comes_back {
            return Ok(());
        }
        self.node
            .local_request(format!("$registry/services/{path}/resume"), None)
            .await
            .map(drop)
            .map_err(not_started)
    }
}

fn not_started(error: impl std::fmt::Display) -> Error {
    Error::new(Code::StartFailed, format!("The core refused: {error:#}"))
}

fn lifecycle_context(
    node: &Node,
    network_id: &str,
    path: &str,
    label: &str,
) -> anyhow::Result<LifecycleContext> {
    let topic = TopicPath::new(path, network_id).map_err(anyhow::Error::msg)?;
    let logger = Logger::new_root(Component::Service, label);
    Ok(LifecycleContext::new(&topic, Arc::new(node.clone()), Arc::new(logger)))
}

/// A path without its network. The core's `action_path` leaves nothing of a path of one part.
fn path_of(topic: &TopicPath) -> &str {
    without_network(topic.as_str())
}

fn without_network(full: &str) -> &str {
    full.split_once(':').map_or(full, |(_network, path)| path)
}

async fn register(context: &LifecycleContext, name: &str, handler: Handler) -> anyhow::Result<()> {
    context
        .register_action(
            name,
            Arc::new(move |payload, context: RequestContext| {
                let answer = handler(payload, path_of(&context.topic_path).to_owned());
                // A panic would unwind into the caller's task, and leave a peer's link for dead.
                Box::pin(async move {
                    AssertUnwindSafe(answer)
                        .catch_unwind()
                        .await
                        .unwrap_or_else(|payload| Err(Error::from_panic(payload).into()))
                })
            }),
        )
        .await
}

struct UpstreamService(ServiceEntry);

#[async_trait::async_trait]
impl AbstractService for UpstreamService {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn version(&self) -> &str {
        &self.0.version
    }

    fn path(&self) -> &str {
        &self.0.path
    }

    fn description(&self) -> &str {
        &self.0.description
    }

    // The core ignores a service's own network.
    fn network_id(&self) -> Option<String> {
        None
    }

    fn set_network_id(&mut self, _network_id: String) {}

    async fn init(&self, context: LifecycleContext) -> anyhow::Result<()> {
        for (name, handler) in &self.0.actions {
            register(&context, name, handler.clone()).await?;
        }
        Ok(())
    }

    // The hooks that users write run on the JavaScript side: the core swallows the failures of
    // `start` and `stop`, and gives up on a start after a fixed 30 seconds.
    async fn start(&self, _context: LifecycleContext) -> anyhow::Result<()> {
        Ok(())
    }

    async fn stop(&self, _context: LifecycleContext) -> anyhow::Result<()> {
        Ok(())
    }
}

/// A list of so many items is translated elsewhere than on the Runar thread, which all nodes share.
pub const MANY_ITEMS: usize = 1_000;

/// What an answer on the Runar thread comes to, by one of the functions below.
pub async fn translate_there(
    isolate: Arc<Isolate>,
    answer: anyhow::Result<ArcValue>,
    outcome: fn(&Isolate, anyhow::Result<ArcValue>) -> Outcome,
) -> Outcome {
    let is_long = answer.as_ref().is_ok_and(|value| {
        value.category() == ValueCategory::List
            && value.as_list_ref().is_ok_and(|items| items.len() >= MANY_ITEMS)
    });
    if !is_long {
        return outcome(&isolate, answer);
    }
    runtime::aside(move || outcome(&isolate, answer))
        .await
        .unwrap_or_else(|error| Outcome::Error(error.to_json()))
}

/// What a request of an isolate came to, in the terms of the crossing.
pub fn outcome(isolate: &Isolate, answer: anyhow::Result<ArcValue>) -> Outcome {
    match answer {
        Ok(value) => value::from_core(&value, Some(&isolate.held)).into(),
        Err(error) => failed(isolate.id, error),
    }
}

/// The same for a result that JavaScript wants to hold as it is.
pub fn held_outcome(isolate: &Isolate, answer: anyhow::Result<ArcValue>) -> Outcome {
    match answer {
        Ok(value) => Outcome::Value(value::held_form(isolate.held.hold(value))),
        Err(error) => failed(isolate.id, error),
    }
}

/// The same for a call whose both ends are in this isolate: the value was never opened.
pub fn opaque_outcome(isolate: &Isolate, answer: anyhow::Result<ArcValue>) -> Outcome {
    match answer.and_then(|value| value.as_bytes_ref()) {
        Ok(bytes) => Outcome::Value(Arc::unwrap_or_clone(bytes)),
        Err(error) => failed(isolate.id, error),
    }
}

/// What a call to a node of this SDK came to.
pub fn ended(isolate: &Isolate, ended: Ended, path: &str, stays_held: bool) -> Outcome {
    match ended {
        Ended::Reply(bytes, peer) => answered(isolate, bytes, &peer, path, stays_held).into(),
        Ended::Failed(json) => Outcome::Error(json),
        Ended::Unanswered(error) => Outcome::Error(error.at(path).to_json()),
    }
}

fn answered(
    isolate: &Isolate,
    bytes: Vec<u8>,
    peer: &str,
    path: &str,
    stays_held: bool,
) -> Result<Vec<u8>> {
    let held = &isolate.held;
    if stays_held {
        let value = Carried::Binary(bytes).into_core(&Held::default());
        return Ok(value::held_form(held.hold(value.map_err(|error| error.at(path))?)));
    }
    match value::stream_id(&bytes) {
        Some(id) => Ok(value::stream_form(id, peer)),
        None => value::from_peer(&bytes, held).map_err(|error| error.at(path)),
    }
}

/// For paths that have one network, whichever it is.
const NETWORK: &str = "network";

/// Whether a topic is one of those that a pattern stands for.
fn is_of(topic: &str, pattern: &str) -> bool {
    let is_pattern = pattern.contains(['*', '>']);
    let parse = |path| TopicPath::new(path, NETWORK);
    is_pattern && parse(pattern).is_ok_and(|all| parse(topic).is_ok_and(|one| all.matches(&one)))
}

/// Whether a path is one of those that an action's name with variable parts stands for.
pub fn fits(template: &str, path: &str) -> bool {
    let parsed = TopicPath::new(path, NETWORK).ok().zip(TopicPath::new(template, NETWORK).ok());
    parsed.is_some_and(|(path, template)| path.matches_template(&template.action_path()))
}

fn failed(isolate: u32, error: anyhow::Error) -> Outcome {
    match error.downcast::<JsFailure>() {
        Ok(failure) => failure.outcome_for(isolate),
        Err(error) => Outcome::Error(translate(error).to_json()),
    }
}

fn is_not_running(error: &anyhow::Error) -> bool {
    error.to_string().starts_with("Service is not Running")
}

pub fn not_found(path: &str) -> Error {
    Error::new(Code::NotFound, format!("{path}: no service has this action"))
        .with_details(Value::from_iter([("path", path)]))
}

/// An error for those who can do nothing with the object of JavaScript.
fn told(error: anyhow::Error) -> Error {
    match error.downcast::<JsFailure>() {
        Ok(failure) => failure.as_error(),
        Err(error) => translate(error),
    }
}

/// The core's errors are texts; these are the ones that mean something to a caller.
fn translate(error: anyhow::Error) -> Error {
    let error = match error.downcast::<Error>() {
        Ok(typed) => return typed,
        Err(error) => error,
    };
    let text = format!("{error:#}");
    let unanswered = text
        .strip_prefix("No handler found for action: ")
        .or_else(|| text.strip_prefix("No local handler found for topic: "));
    if let Some(topic) = unanswered {
        let path = topic.split_once(':').map_or(topic, |(_network, path)| path);
        return not_found(path);
    }
    let code = if is_not_running(&error) {
        Code::ServiceNotRunning
    } else if text.starts_with("Failed to parse topic path") {
        Code::InvalidArgument
    } else {
        Code::Action
    };
    Error::new(code, text)
}
