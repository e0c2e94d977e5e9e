//! The Runar core. This is the only file that talks to `runar_node`; each defect of its version
//! 0.1.0 that shows through is repaired here, beside a comment that names it.

use std::collections::HashSet;
use std::future::Future;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};

use futures_util::FutureExt;
use runar_common::logging::{Component, Logger};
use runar_node::network::network_config::NetworkConfig;
use runar_node::network::{QuicTransportOptions, TransportOptions};
use runar_node::services::LifecycleContext;
use runar_node::{AbstractService, Node, NodeConfig, RequestContext, TopicPath};
use serde_json::Value;

pub use runar_serializer::{ArcValue, ValueCategory};

use crate::config::Config;
use crate::crossing::{lock, Outcome};
use crate::error::{Code, Error, Result};
use crate::failure::JsFailure;
use crate::identity::{self, Identity};
use crate::value;

pub type Answer = Pin<Box<dyn Future<Output = anyhow::Result<ArcValue>> + Send>>;

/// What the core calls for an action: the payload and, in full, the topic that was asked for.
pub type Handler = Arc<dyn Fn(Option<ArcValue>, String) -> Answer + Send + Sync>;

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
    lifecycle: tokio::sync::Mutex<Option<Running>>,
    /// Made after `start`: a clone from before keeps its own, false `running`.
    caller: Mutex<Option<Arc<Node>>>,
    /// The paths of services that the core lists as paused because it cannot remove them.
    removed: Mutex<HashSet<String>>,
}

struct Running {
    node: Node,
    network_id: String,
    /// The paths of the services that the core knows, with their actions.
    known: Vec<(String, Vec<String>)>,
}

impl Core {
    pub fn new(label: String, config: Config) -> Self {
        Self {
            label,
            config,
            identity: OnceLock::new(),
            lifecycle: tokio::sync::Mutex::new(None),
            caller: Mutex::new(None),
            removed: Mutex::default(),
        }
    }

    fn identity(&self) -> Result<&Identity> {
        if self.identity.get().is_none() {
            let made = identity::ephemeral(&self.label).map_err(|error| {
                Error::new(
                    Code::StartFailed,
                    format!("The node's keys could not be made: {error:#}"),
                )
            })?;
            return Ok(self.identity.get_or_init(|| made));
        }
        self.identity.get().ok_or_else(|| Error::new(Code::StartFailed, "The node has no keys"))
    }

    fn node_config(&self, identity: &Identity) -> NodeConfig {
        let network_id =
            self.config.default_network_id.clone().unwrap_or_else(|| identity.network_id.clone());
        let mut config = NodeConfig::new(self.label.clone(), network_id)
            .with_additional_networks(self.config.network_ids.clone())
            .with_key_manager_state(identity.key_state.clone());
        if let Some(network) = &self.config.network_config {
            config = config.with_network_config(network_config(network));
        }
        config
    }

    /// Builds and starts a node with these services. Returns its id.
    pub async fn start(&self, services: Vec<ServiceEntry>) -> Result<String> {
        let mut running = self.lifecycle.lock().await;
        if running.is_some() {
            return Err(Error::new(Code::StartFailed, "The node is running already"));
        }
        let config = self.node_config(self.identity()?);
        let network_id = config.default_network_id.clone();
        let node = Node::new(config).await.map_err(not_started)?;
        let mut started = Running { node, network_id, known: Vec::new() };
        for service in services {
            started.add(service).await?;
        }
        started.node.start().await.map_err(not_started)?;
        started.node.wait_for_services_to_start().await.map_err(not_started)?;
        let id = started.node.node_id().to_owned();
        *lock(&self.caller) = Some(Arc::new(started.node.clone()));
        *running = Some(started);
        Ok(id)
    }

    /// Stops the node, which must happen before it is dropped: one that is not stopped keeps its
    /// port and its tasks.
    pub async fn stop(&self) -> Result<()> {
        let mut running = self.lifecycle.lock().await;
        lock(&self.caller).take();
        let Some(mut stopped) = running.take() else {
            return Ok(());
        };
        stopped.node.stop().await.map_err(|error| {
            Error::new(Code::StopFailed, format!("The core could not stop the node: {error:#}"))
        })
    }

    /// Tells the core of a service; without a running node the next start does.
    pub async fn add(&self, service: ServiceEntry) -> Result<()> {
        lock(&self.removed).remove(&service.path);
        match self.lifecycle.lock().await.as_mut() {
            Some(running) => running.add(service).await,
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

    /// Calls whoever has the path. May go to a peer: must be spawned and never dropped.
    pub async fn request(&self, path: &str, payload: Option<ArcValue>) -> anyhow::Result<ArcValue> {
        let answer = self.running()?.request(path, payload).await;
        let service = path.split('/').next().unwrap_or(path);
        if answer.is_err() && lock(&self.removed).contains(service) {
            return Err(not_found(path).into());
        }
        answer
    }

    #[cfg(feature = "test-fixtures")]
    pub async fn add_upstream<S: AbstractService + 'static>(&self, service: S) -> Result<()> {
        match self.lifecycle.lock().await.as_mut() {
            Some(running) => running.node.add_service(service).await.map_err(not_started),
            None => Err(Error::new(Code::NotStarted, "The node is not running")),
        }
    }
}

impl Running {
    async fn add(&mut self, service: ServiceEntry) -> Result<()> {
        let known = self.known.iter_mut().find(|(path, _)| *path == service.path);
        let Some((path, actions)) = known else {
            let actions = service.actions.iter().map(|(name, _)| name.clone()).collect();
            self.known.push((service.path.clone(), actions));
            return self.node.add_service(UpstreamService(service)).await.map_err(not_started);
        };
        // A path that was removed and comes back: the first registration of an action stays in the
        // core for good, and its handler finds the new service by itself.
        let context = lifecycle_context(&self.node, &self.network_id, path).map_err(not_started)?;
        for (name, handler) in service.actions {
            if !actions.contains(&name) {
                register(&context, &name, handler).await.map_err(not_started)?;
                actions.push(name);
            }
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

fn network_config(config: &crate::config::NetworkConfig) -> NetworkConfig {
    let mut network = NetworkConfig::with_quic(QuicTransportOptions::new());
    // The core does not authenticate peers, so nothing but this machine reaches a node by default.
    let bind_address = config
        .transport_options
        .as_ref()
        .and_then(|options| options.bind_address)
        .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
    // Its default would probe ports to find a free one.
    network.transport_options =
        TransportOptions { bind_address, timeout: None, max_message_size: None };
    if let Some(timeout) = config.connection_timeout_ms {
        network.connection_timeout_ms = timeout;
    }
    if let Some(timeout) = config.request_timeout_ms {
        network.request_timeout_ms = timeout;
    }
    if let Some(most) = config.max_connections {
        network.max_connections = most;
    }
    if let Some(most) = config.max_message_size {
        network.max_message_size = most;
    }
    if let Some(most) = config.max_chunk_size {
        network.max_chunk_size = most;
    }
    network
}

fn lifecycle_context(
    node: &Node,
    network_id: &str,
    path: &str,
) -> anyhow::Result<LifecycleContext> {
    let topic = TopicPath::new(path, network_id).map_err(anyhow::Error::msg)?;
    let logger = Logger::new_root(Component::Service, node.node_id());
    Ok(LifecycleContext::new(&topic, Arc::new(node.clone()), Arc::new(logger)))
}

async fn register(context: &LifecycleContext, name: &str, handler: Handler) -> anyhow::Result<()> {
    context
        .register_action(
            name,
            Arc::new(move |payload, context: RequestContext| {
                let answer = handler(payload, context.topic_path.action_path());
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

/// What a request of an isolate came to, in the terms of the crossing.
pub fn outcome(isolate: u32, answer: anyhow::Result<ArcValue>) -> Outcome {
    match answer {
        Ok(value) => {
            let mut out = Vec::new();
            value::from_core(&value, &mut out).and_then(|()| crossable(out)).into()
        }
        Err(error) => failed(isolate, error),
    }
}

/// Lengths on the crossing have 32 bits, and JavaScript makes no buffer much larger than this.
fn crossable(bytes: Vec<u8>) -> Result<Vec<u8>> {
    const MOST: usize = 1 << 30;
    if bytes.len() > MOST {
        return Err(Error::new(
            Code::Value,
            format!("A result of {} bytes cannot cross; {MOST} bytes can", bytes.len()),
        ));
    }
    Ok(bytes)
}

/// The same for a call whose both ends are in this isolate: the value was never opened.
pub fn opaque_outcome(isolate: u32, answer: anyhow::Result<ArcValue>) -> Outcome {
    match answer.and_then(|value| value.as_bytes_ref()) {
        Ok(bytes) => Outcome::Value(Arc::unwrap_or_clone(bytes)),
        Err(error) => failed(isolate, error),
    }
}

fn failed(isolate: u32, error: anyhow::Error) -> Outcome {
    match error.downcast::<JsFailure>() {
        Ok(failure) => failure.outcome_for(isolate),
        Err(error) => Outcome::Error(translate(error).to_json()),
    }
}

fn not_found(path: &str) -> Error {
    Error::new(Code::NotFound, format!("{path}: no service has this action"))
        .with_details(Value::from_iter([("path", path)]))
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
    let code = if text.starts_with("Service is not Running") {
        Code::ServiceNotRunning
    } else if text.starts_with("Failed to parse topic path") {
        Code::InvalidArgument
    } else {
        Code::Action
    };
    Error::new(code, text)
}
