//! The Runar core. This file and those of `core/` are the only ones that talk to `runar_node` and
//! the crates over it; each defect of their version 0.1.0 that shows through is repaired here,
//! beside a comment that names it.

#[cfg_attr(not(feature = "services"), path = "core/no_services.rs")]
pub mod services;

use std::collections::HashSet;
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use futures_util::FutureExt;
use runar_common::logging::{Component, Logger};
use runar_node::network::network_config::{
    DiscoveryProviderConfig, MulticastDiscoveryOptions, NetworkConfig,
};
use runar_node::network::{DiscoveryOptions, QuicTransportOptions, TransportOptions};
use runar_node::services::service_registry::EventHandler;
use runar_node::services::{LifecycleContext, NodeDelegate, PublishOptions};
use runar_node::{AbstractService, Node, NodeConfig, RequestContext, TopicPath};
use serde_json::{json, Value};

pub use runar_serializer::{ArcValue, ValueCategory};

use crate::call::Outcome;
use crate::config::Config;
use crate::crossing::{lock, Isolate};
use crate::error::{Code, Error, Result};
use crate::failure::JsFailure;
use crate::identity::Identity;
use crate::{runtime, value};

pub type Answer = Pin<Box<dyn Future<Output = anyhow::Result<ArcValue>> + Send>>;

/// What the core calls for an action: the payload and, in full, the topic that was asked for.
pub type Handler = Arc<dyn Fn(Option<ArcValue>, String) -> Answer + Send + Sync>;

/// What the core tells of an event: its topic, in full, and its value.
pub type EventSink = Arc<dyn Fn(&str, Option<ArcValue>) -> Result<()> + Send + Sync>;

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
    pub fn new(label: String, config: Config, identity: Option<Identity>) -> Self {
        Self {
            label,
            config,
            is_enrolled: identity.is_some(),
            identity: identity.map(OnceLock::from).unwrap_or_default(),
            lifecycle: tokio::sync::Mutex::new(None),
            caller: Mutex::new(None),
            subscriptions: Mutex::default(),
            removed: Mutex::default(),
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
        started.node.start().await.map_err(|error| self.not_bound(error))?;
        started.node.wait_for_services_to_start().await.map_err(not_started)?;
        let id = started.node.node_id().to_owned();
        *lock(&self.caller) = Some(Arc::new(started.node.clone()));
        *running = Some(started);
        Ok(id)
    }

    /// What the core says of a port that it cannot have does not name it.
    fn not_bound(&self, error: impl std::fmt::Display) -> Error {
        let Some(network) = &self.config.network_config else {
            return not_started(error);
        };
        let address = network.transport_options.bind_address.to_string();
        Error::new(Code::StartFailed, format!("The core could not start on {address}: {error:#}"))
            .with_details(json!({ "address": address }))
    }

    /// Stops the node, which must happen before it is dropped: one that is not stopped keeps its
    /// port and its tasks.
    pub async fn stop(&self) -> Result<()> {
        let mut running = self.lifecycle.lock().await;
        lock(&self.caller).take();
        lock(&self.removed).clear();
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
            broadcast: self.config.network_config.is_some(),
            guaranteed_delivery: false,
            retain_for,
            target: None,
        };
        self.running()?.publish_with_options(topic, value, options).await
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
        match self.lifecycle.lock().await.as_mut() {
            Some(running) => running.node.add_service(service).await.map_err(not_started),
            None => Err(Error::new(Code::NotStarted, "The node is not running")),
        }
    }
}

impl Running {
    async fn subscribe(&self, topic: &str, sink: EventSink) -> Result<()> {
        let handler: EventHandler = Arc::new(move |context, value| {
            // A subscriber's panic would reach the publisher.
            let told =
                catch_unwind(AssertUnwindSafe(|| sink(&context.topic_path.action_path(), value)));
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

fn network_config(config: &crate::config::NetworkConfig) -> NetworkConfig {
    let quic = QuicTransportOptions::new()
        .with_response_cache_ttl(config.quic_options.response_cache_ttl_ms.duration());
    let mut network = NetworkConfig::with_quic(quic);
    network.transport_options = TransportOptions {
        bind_address: config.transport_options.bind_address,
        timeout: Some(config.transport_options.timeout_ms.duration()),
        max_message_size: Some(config.transport_options.max_message_size.0 as usize),
    };
    network.connection_timeout_ms = config.connection_timeout_ms.0;
    network.request_timeout_ms = config.request_timeout_ms.0;
    network.max_connections = config.max_connections.0;
    network.max_message_size = config.max_message_size.0 as usize;
    network.max_chunk_size = config.max_chunk_size.0 as usize;
    let Some(discovery) = config.discovery() else {
        return network;
    };
    let options = DiscoveryOptions {
        announce_interval: discovery.announce_interval_ms.duration(),
        discovery_timeout: discovery.discovery_timeout_ms.duration(),
        node_ttl: discovery.node_ttl_ms.duration(),
        debounce_window: discovery.debounce_window_ms.duration(),
        use_multicast: discovery.use_multicast,
        local_network_only: discovery.local_network_only,
        multicast_group: discovery.multicast_group.0,
    };
    let multicast = MulticastDiscoveryOptions {
        multicast_group: options.multicast_group.clone(),
        announce_interval: options.announce_interval,
        discovery_timeout: options.discovery_timeout,
        node_ttl: options.node_ttl,
        use_multicast: options.use_multicast,
        local_network_only: options.local_network_only,
    };
    network
        .with_discovery_provider(DiscoveryProviderConfig::Multicast(multicast))
        .with_discovery_options(options)
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
        Ok(value) => {
            let mut out = Vec::new();
            value::from_core(&value, &mut out, Some(&isolate.held)).map(|()| out).into()
        }
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

fn failed(isolate: u32, error: anyhow::Error) -> Outcome {
    match error.downcast::<JsFailure>() {
        Ok(failure) => failure.outcome_for(isolate),
        Err(error) => Outcome::Error(translate(error).to_json()),
    }
}

fn is_not_running(error: &anyhow::Error) -> bool {
    error.to_string().starts_with("Service is not Running")
}

fn not_found(path: &str) -> Error {
    Error::new(Code::NotFound, format!("{path}: no service has this action"))
        .with_details(Value::from_iter([("path", path)]))
}

/// An error as a text for those who get nothing else, with its code.
fn told(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<JsFailure>() {
        Ok(failure) => anyhow::Error::msg(failure.told()),
        Err(error) => translate(error).into(),
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::config;

    fn mirrored(schema: &Value, names: &mut BTreeSet<String>) {
        for (key, value) in schema.as_object().into_iter().flatten() {
            if let ("properties", Value::Object(properties)) = (key.as_str(), value) {
                names.extend(properties.keys().map(|name| name.trim_end_matches("_ms").to_owned()));
            }
            mirrored(value, names);
        }
    }

    fn fields(text: &str) -> BTreeSet<String> {
        text.lines()
            .filter_map(|line| line.trim_start().split_once(": "))
            .map(|(name, _)| name.trim_end_matches("_ms").to_owned())
            .collect()
    }

    #[test]
    fn the_config_has_the_fields_of_the_core() -> Result<()> {
        let given = r#"{"network_config": {"discovery_providers": [{"multicast": {}}]}}"#;
        let network = Config::parse(given)?.network_config.unwrap_or_default();
        let logging = runar_node::config::LoggingConfig::new();
        let upstream = NodeConfig::new("label", "network")
            .with_network_config(network_config(&network))
            .with_logging_config(logging);
        let upstream = fields(&format!("{upstream:#?}"));
        let mut ours = BTreeSet::new();
        mirrored(&config::schema(), &mut ours);
        let only_ours: Vec<_> = ours.difference(&upstream).collect();
        // The core does not print `response_cache_ttl`; `multicast` is a variant, not a field.
        assert_eq!(only_ours, ["$schema", "multicast", "response_cache_ttl"]);
        let only_upstream: Vec<_> = upstream.difference(&ours).map(String::as_str).collect();
        // What the config refuses with a reason, and what the core itself sets.
        assert_eq!(
            only_upstream.join(" "),
            "bind_addr certificates connection_callback connection_idle_timeout current_index \
             keep_alive_interval key_manager_state keystore label_resolver load_balancer \
             local_node_info logger message_handler private_key root_certificates transport_type"
        );
        Ok(())
    }

    #[test]
    fn the_defaults_are_those_of_the_core() {
        let mirror = config::NetworkConfig::default();
        let network = network_config(&mirror);
        let mut upstream = NetworkConfig::with_quic(QuicTransportOptions::new());
        upstream.transport_options.bind_address = mirror.transport_options.bind_address;
        assert_eq!(format!("{network:?}"), format!("{upstream:?}"));
        assert_eq!(
            network.quic_options.map(|options| options.response_cache_ttl()),
            upstream.quic_options.map(|options| options.response_cache_ttl())
        );
    }

    #[test]
    fn the_defaults_of_discovery_are_those_of_the_core() -> Result<()> {
        let given = r#"{"network_config": {"discovery_providers": [{"multicast": {}}]}}"#;
        let network = Config::parse(given)?.network_config.unwrap_or_default();
        let options = network_config(&network).discovery_options;
        assert_eq!(format!("{options:?}"), format!("{:?}", Some(DiscoveryOptions::default())));
        Ok(())
    }

    #[test]
    fn every_key_of_the_network_reaches_the_core() -> Result<()> {
        let given = json!({ "network_config": {
            "transport_options":
                { "bind_address": "127.0.0.2:1", "timeout_ms": 2, "max_message_size": 3 },
            "quic_options": { "response_cache_ttl_ms": 4 },
            "discovery_providers": [{ "multicast": {
                "multicast_group": "224.0.0.5:5", "announce_interval_ms": 6,
            } }],
            "discovery_options": {
                "multicast_group": "224.0.0.1", "announce_interval_ms": 1,
                "discovery_timeout_ms": 7, "node_ttl_ms": 8, "debounce_window_ms": 9,
                "use_multicast": false, "local_network_only": false,
            },
            "connection_timeout_ms": 10,
            "request_timeout_ms": 11,
            "max_connections": 12,
            "max_message_size": 13,
            "max_chunk_size": 14,
        } });
        let config = Config::parse(&given.to_string())?.network_config.unwrap_or_default();
        let network = network_config(&config);
        let ttl = network.quic_options.as_ref().map(|quic| quic.response_cache_ttl().as_millis());
        assert_eq!(ttl, Some(4));
        let text = format!("{network:?}");
        for part in [
            "TransportOptions { timeout: Some(2ms), max_message_size: Some(3), bind_address: 127.0.0.2:1 }",
            "Multicast(MulticastDiscoveryOptions { multicast_group: \"224.0.0.5:5\", announce_interval: 6ms, discovery_timeout: 7ms, node_ttl: 8ms, use_multicast: false, local_network_only: false })",
            "DiscoveryOptions { announce_interval: 6ms, discovery_timeout: 7ms, node_ttl: 8ms, debounce_window: 9ms, use_multicast: false, local_network_only: false, multicast_group: \"224.0.0.5:5\" }",
            "connection_timeout_ms: 10, request_timeout_ms: 11, max_connections: 12, max_message_size: 13, max_chunk_size: 14",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        Ok(())
    }
}
