//! A node of the Runar core, from one start to the next. The files of this folder are the only ones
//! that talk to `runar_node` and the crates over it; each defect of their version 0.1.0 that shows
//! through is repaired here, beside a comment that names it.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use runar_node::services::PublishOptions;
#[cfg(feature = "test-fixtures")]
use runar_node::AbstractService;
use runar_node::{Node, NodeConfig};

use super::errors::{is_not_running, not_found, not_started};
use super::inbound::Inbound;
use super::network::Transport;
use super::offers::Offers;
use super::remote_actions::RemoteActions;
use super::running::Running;
use super::service::ServiceEntry;
use super::subscriptions::{EventSink, Subscriptions};
use crate::config::Config;
use crate::error::{Code, Error, Result};
use crate::identity::Identity;
use crate::sync::lock;
use crate::value::ArcValue;

/// The core's own restart is not used: a networked node that is started again answers Ok without
/// having bound its port.
pub struct Core {
    /// The name of the node in log records.
    pub(super) label: String,
    pub(super) config: Config,
    /// Made at the first start unless it was given.
    pub(super) identity: OnceLock<Identity>,
    /// Whether the identity was given, and so has a certificate that must be valid.
    pub(super) is_enrolled: bool,
    /// `None` while the node is stopped.
    pub(super) lifecycle: tokio::sync::Mutex<Option<Running>>,
    /// Makes calls. Cloned after `start`: an earlier clone keeps its own, false `running`.
    pub(super) caller: Mutex<Option<Arc<Node>>>,
    pub(super) subscriptions: Subscriptions,
    /// The paths of services that the core lists as paused because it cannot remove them.
    pub(super) removed: Mutex<HashSet<String>>,
    /// `None` for a local node.
    pub(super) transport: Mutex<Option<Arc<Transport>>>,
    pub(super) offers: Offers,
    pub(super) remote_actions: RemoteActions,
    pub(super) inbound: Box<dyn Inbound>,
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

    pub(super) fn identity(&self) -> Result<&Identity> {
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

    pub(super) fn network_id(&self, identity: &Identity) -> String {
        self.config.default_network_id.clone().unwrap_or_else(|| identity.network_id.clone())
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

    /// Publishes if that only takes queueing for peers: no Rust service subscribes here, and all
    /// peers are nodes of this SDK with capacity. `portable` makes the value. Returns whether the
    /// event was published.
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

    pub fn is_running(&self) -> bool {
        lock(&self.caller).is_some()
    }

    pub(super) fn caller(&self) -> Option<Arc<Node>> {
        lock(&self.caller).clone()
    }

    fn running(&self) -> Result<Arc<Node>> {
        self.caller().ok_or_else(|| Error::new(Code::NotStarted, "The node is not running"))
    }

    /// Calls a handler of this node, whatever the state of its service in the core: JavaScript
    /// keeps that state. Never goes to a peer, so the future may be dropped.
    pub async fn request_local(
        &self,
        path: String,
        payload: Option<ArcValue>,
    ) -> anyhow::Result<ArcValue> {
        self.running()?.local_request(path, payload).await
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

    /// Makes a node of the core beside this one, without a port. A service of the core's crates
    /// that runs on it reaches only the handlers that its owner adds.
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
