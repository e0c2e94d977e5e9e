//! The nodes of this process by their handles, and what JavaScript asks of them.

mod backend;
mod keyed_queue;
mod route;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use futures_util::future::BoxFuture;
use rustc_hash::FxHashMap;
use serde_json::json;

use crate::call::{current_call, CallKind, CurrentCall, Outcome};
use crate::config::{is_address, Config, LevelFilter, PublicKey};
use crate::error::{Code, Error, Result};
use crate::gateway::endpoint::{Backend, Reachable};
use crate::identity::Identity;
use crate::isolate::{self, Invocation, Isolate};
use crate::peer_call::{answer_later, answer_of, refuse, Answered, Begun, Caller, Carried, Terms};
use crate::runar::adapter::Core;
use crate::runar::errors::not_found;
use crate::runar::inbound::Inbound;
use crate::runar::network::Ask;
use crate::runar::outcome;
use crate::runar::service::ServiceEntry;
use crate::runar::services::{RustService, RustServiceConfig};
use crate::runar::subscriptions::EventSink;
use crate::runar::topic;
use crate::sync::lock;
use crate::value::ArcValue;
use crate::{logs, runtime, value};

use self::keyed_queue::Turns;
use self::route::{serve_javascript, Definition, Route, Target};

pub struct Node {
    id: u32,
    isolate: Arc<Isolate>,
    core: Arc<Core>,
    services: Mutex<Vec<Service>>,
    /// By the full path of the action; kept for good, see `Route`.
    routes: Mutex<HashMap<String, Arc<Route>>>,
    last_action: AtomicU32,
    /// Events of a topic reach the core in the order in which they were published.
    publishing: Arc<Turns>,
}

struct Service {
    definition: Definition,
    routes: Vec<Arc<Route>>,
    rust: Option<RustService>,
}

impl Service {
    fn entry(&self) -> ServiceEntry {
        let names = self.definition.actions.iter().cloned();
        ServiceEntry {
            name: self.definition.name.clone(),
            path: self.definition.path.clone(),
            version: self.definition.version.clone(),
            description: self.definition.description.clone(),
            actions: names.zip(self.routes.iter().map(Route::handler)).collect(),
        }
    }

    fn reachable(&self, core: &Arc<Core>) -> Reachable {
        let names = self.definition.actions.iter().cloned();
        let endpoints = self.routes.iter().map(|route| backend::action(core, route));
        Reachable {
            path: self.definition.path.clone(),
            actions: names.zip(endpoints).collect(),
            is_javascript: self.rust.is_none(),
        }
    }
}

static NODES: OnceLock<Mutex<FxHashMap<u32, Arc<Node>>>> = OnceLock::new();
static LAST_NODE: AtomicU32 = AtomicU32::new(0);

fn nodes() -> &'static Mutex<FxHashMap<u32, Arc<Node>>> {
    NODES.get_or_init(Mutex::default)
}

pub fn find(id: u32) -> Result<Arc<Node>> {
    lock(nodes())
        .get(&id)
        .cloned()
        .ok_or_else(|| Error::new(Code::Stopped, "The node has been closed"))
}

pub fn of_isolate(isolate: u32) -> Vec<Arc<Node>> {
    lock(nodes()).values().filter(|node| node.isolate.id == isolate).cloned().collect()
}

/// Makes a node, which runs with the keys given, or else with keys of its own.
///
/// With `authorizes` JavaScript is asked whether a peer may call a service written in Rust.
pub fn create(
    isolate: u32,
    config: &str,
    key_state: Option<&[u8]>,
    authorizes: bool,
) -> Result<u32> {
    let isolate = isolate::find(isolate)?;
    let config = Config::parse(config)?;
    let identity = key_state.map(|keys| Identity::for_node(keys, &config)).transpose()?;
    let id = LAST_NODE.fetch_add(1, Ordering::Relaxed) + 1;
    let label = logs::register(id, &isolate, &config);
    let inbound = Box::new(Inward { id, isolate: isolate.clone(), authorizes });
    let node = Node {
        id,
        isolate,
        core: Arc::new(Core::new(label, config, identity, inbound)),
        services: Mutex::default(),
        routes: Mutex::default(),
        last_action: AtomicU32::new(0),
        publishing: Arc::default(),
    };
    lock(nodes()).insert(id, Arc::new(node));
    Ok(id)
}

/// The node as its peers see it.
struct Inward {
    id: u32,
    isolate: Arc<Isolate>,
    authorizes: bool,
}

/// The number by which JavaScript is asked whether a peer may call a path, and nothing else.
const AUTHORIZE: u32 = u32::MAX;

/// The number by which a peer reads a stream.
const READ_STREAM: u32 = u32::MAX - 1;

/// The number by which JavaScript is asked whether a gateway may answer a request.
const AUTHENTICATE: u32 = u32::MAX - 2;

impl Inbound for Inward {
    fn serve(&self, caller: Caller, path: String, payload: Carried, answered: Answered) -> Begun {
        let node = match find(self.id) {
            Ok(node) => node,
            Err(error) => return refuse(error, answered),
        };
        if path == topic::READ_STREAM {
            let (isolate, stream) = (&node.isolate, (node.id, READ_STREAM));
            return serve_javascript(isolate, stream, Some(&caller), &path, payload, answered);
        }
        let route = match node.route_for(&path) {
            Some(route) => route,
            None => return refuse(not_found(&path), answered),
        };
        let core = node.core.clone();
        if !self.authorizes || !route.is_rust() {
            return route.serve(core, Some(&caller), path, payload, answered);
        }
        let answer = async move {
            node.authorize(&caller, &path).await?;
            answer_of(|answered| route.serve(core, Some(&caller), path, payload, answered)).await
        };
        answer_later(answer, answered)
    }

    fn room(&self) -> BoxFuture<'static, ()> {
        let isolate = self.isolate.clone();
        Box::pin(async move { isolate.room().await })
    }

    fn peer_changed(&self, change: String) {
        self.isolate.post_peer(self.id, &change);
    }
}

/// Forgets a node and stops it in the core. Nobody waits for it: its owner is gone.
pub fn drop_node(id: u32) {
    let Some(node) = lock(nodes()).remove(&id) else {
        return;
    };
    let stopped = runtime::spawn(async move {
        if let Err(error) = node.core.stop().await {
            log::warn!("A node that was no longer in use could not be stopped: {error}");
        }
        logs::end(node.id);
    });
    if let Err(error) = stopped {
        log::warn!("A node that was no longer in use could not be stopped: {error}");
    }
}

pub fn drop_all_of(isolate: u32) {
    of_isolate(isolate).iter().for_each(|node| drop_node(node.id));
}

impl Node {
    pub fn is_running(&self) -> bool {
        self.core.is_running()
    }

    #[cfg(feature = "test-fixtures")]
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Runs something on the Runar thread and settles the call with what it returns.
    pub fn settle_later<F>(self: &Arc<Self>, call: u32, work: F) -> Result<()>
    where
        F: std::future::Future<Output = Result<Vec<u8>>> + Send + 'static,
    {
        let call = CurrentCall {
            isolate: self.isolate.id,
            node: self.id,
            call,
            kind: CallKind::Translated,
        };
        self.isolate.run_spawned(call, async move { Outcome::from(work.await) });
        Ok(())
    }

    pub fn start(self: &Arc<Self>, call: u32) -> Result<()> {
        let node = self.clone();
        self.settle_later(call, async move {
            let services = lock(&node.services).iter().map(Service::entry).collect();
            let (id, addresses) = node.core.start(services).await?;
            written(ArcValue::new_json(json!({ "id": id, "addresses": addresses })))
        })
    }

    pub fn stop(self: &Arc<Self>, call: u32) -> Result<()> {
        let core = self.core.clone();
        self.settle_later(call, async move {
            core.stop().await?;
            written(ArcValue::null())
        })
    }

    /// Connects to a peer and settles with its id.
    pub fn connect(
        self: &Arc<Self>,
        call: u32,
        public_key: &str,
        addresses: Vec<String>,
        wait: Duration,
    ) -> Result<()> {
        let invalid = |what: String| Error::new(Code::InvalidArgument, format!("peer.{what}"));
        let key = PublicKey::parse(public_key).ok_or_else(|| {
            invalid("publicKey: expected 130 hexadecimal digits that begin with 04".to_owned())
        })?;
        if let Some(bad) = addresses.iter().find(|address| !is_address(address)) {
            return Err(invalid(format!(
                "addresses: {bad:?} is no address with a port such as 127.0.0.1:4433"
            )));
        }
        let core = self.core.clone();
        let cancellable = self.isolate.cancellable(call);
        self.settle_later(call, async move {
            let connected = core.connect(&key.0, addresses, wait);
            let id = cancellable.unless_cancelled(connected).await?;
            written(ArcValue::new_primitive(id))
        })
    }

    pub fn disconnect(&self, peer: &str) -> Result<()> {
        let (core, peer) = (self.core.clone(), peer.to_owned());
        runtime::spawn(async move { core.disconnect(&peer) })
    }

    /// Tells peers whether a service of this node may be called.
    pub fn offer(&self, path: &str, offered: bool) -> Result<()> {
        let entry = lock(&self.services)
            .iter()
            .find(|service| service.definition.path == path)
            .map(Service::entry);
        entry.map_or(Ok(()), |entry| self.core.offer(&entry, offered))
    }

    pub fn listen(&self, topic: &str, listening: bool) {
        self.core.listen(topic, listening);
    }

    /// Adds a service and returns the number of its first action; the others follow it.
    pub fn add_service(self: &Arc<Self>, call: u32, definition: &str) -> Result<u32> {
        let mut definition: Definition = serde_json::from_str(definition)
            .map_err(|error| Error::new(Code::ServiceDefinition, error.to_string()))?;
        let first = self.last_action.load(Ordering::Relaxed);
        let service = match definition.rust.take() {
            Some(config) => self.rust_service(definition, config)?,
            None => self.javascript_service(definition),
        };
        let entry = service.entry();
        lock(&self.services).push(service);
        let core = self.core.clone();
        self.settle_later(call, async move {
            core.add(entry).await?;
            written(ArcValue::null())
        })?;
        Ok(first)
    }

    fn javascript_service(&self, definition: Definition) -> Service {
        let count = definition.actions.len() as u32;
        let first = self.last_action.fetch_add(count, Ordering::Relaxed);
        let routes = definition.actions.iter().zip(first..).map(|(name, action)| {
            let isolate = self.isolate.clone();
            let target = Target::JavaScript { isolate, node: self.id, action };
            self.route(format!("{}/{name}", definition.path), target)
        });
        let routes = routes.collect();
        Service { definition, routes, rust: None }
    }

    fn rust_service(
        &self,
        mut definition: Definition,
        config: RustServiceConfig,
    ) -> Result<Service> {
        let rust = RustService::new(config, |path| self.find_rust_service(path).ok())?;
        self.core.has_listeners_in_rust();
        if let Some(component) = rust.repeats_errors_as() {
            if !self.core.has_level_for(component) {
                logs::set_level(self.id, LevelFilter::Off, Some(component.to_owned()))?;
            }
        }
        let (names, handlers): (Vec<_>, Vec<_>) = rust.actions().into_iter().unzip();
        let routes = names.iter().zip(handlers).map(|(name, handler)| {
            self.route(format!("{}/{name}", definition.path), Target::Rust(handler))
        });
        let routes = routes.collect();
        definition.actions = names;
        Ok(Service { definition, routes, rust: Some(rust) })
    }

    fn find_rust_service(&self, path: &str) -> Result<RustService> {
        lock(&self.services)
            .iter()
            .find(|service| service.definition.path == path)
            .and_then(|service| service.rust.clone())
            .ok_or_else(|| Error::new(Code::NotFound, format!("{path}: no such Rust service")))
    }

    /// Starts a service written in Rust, and settles with what it has to tell of itself.
    pub fn start_rust_service(self: &Arc<Self>, call: u32, path: &str) -> Result<()> {
        let service = self.find_rust_service(path)?;
        let (core, path) = (self.core.clone(), path.to_owned());
        let services = lock(&self.services).iter().map(|one| one.reachable(&core)).collect();
        let authenticate = backend::authenticate(&self.isolate, self.id);
        let backend = Backend { services, authenticate };
        self.settle_later(call, async move { written(service.start(&core, &path, backend).await?) })
    }

    pub fn stop_rust_service(self: &Arc<Self>, call: u32, path: &str) -> Result<()> {
        let service = self.find_rust_service(path)?;
        self.settle_later(call, async move {
            service.stop().await?;
            written(ArcValue::null())
        })
    }

    /// Makes the core tell the isolate of events whose topics fit.
    pub fn subscribe(self: &Arc<Self>, channel: u32, topic: String) -> Result<()> {
        let (isolate, id) = (self.isolate.clone(), self.id);
        let sink: EventSink = Arc::new(move |topic, payload| {
            let publisher = current_call();
            if publisher.is_some_and(|call| {
                call.isolate == isolate.id && call.kind == CallKind::Publish && call.node == id
            }) {
                return Ok(());
            }
            let bytes = match payload {
                Carried::Binary(bytes) => value::from_peer(bytes, &isolate.held)?,
                Carried::Value(value) => value::from_core(value, Some(&isolate.held))?,
            };
            isolate.post_event(id, channel, topic, &bytes);
            Ok(())
        });
        let core = self.core.clone();
        runtime::spawn(async move {
            if let Err(error) = core.subscribe(topic.clone(), sink).await {
                log::error!("The core refused a subscription to {topic}: {error}");
            }
        })
    }

    fn route(&self, path: String, target: Target) -> Arc<Route> {
        let mut routes = lock(&self.routes);
        let route =
            routes.entry(path.clone()).or_insert_with(|| Arc::new(Route::new(path))).clone();
        route.lead_to(Some(target));
        route
    }

    /// Asks JavaScript whether a peer may call a path.
    async fn authorize(&self, caller: &Caller, topic: &str) -> anyhow::Result<()> {
        let (payload, caller) = (&value::nothing(), Some(caller));
        let (node, action) = (self.id, AUTHORIZE);
        let asked = Invocation { node, action, call: 0, topic, payload, caller };
        self.isolate.invoke(asked).await??;
        Ok(())
    }

    /// The way to the handler of a path, which may be one of many that the action has.
    fn route_for(&self, path: &str) -> Option<Arc<Route>> {
        let routes = lock(&self.routes);
        if let Some(route) = routes.get(path).filter(|route| route.is_live()) {
            return Some(route.clone());
        }
        let fitting = routes.iter().find(|(template, route)| {
            template.contains('{') && route.is_live() && topic::fits(template, path)
        });
        fitting.map(|(_, route)| route.clone())
    }

    /// Calls an action of a node of this SDK, if that is where the next call of it goes.
    fn ask_peer(
        &self,
        isolate: &Arc<Isolate>,
        call: u32,
        request: &Request<'_>,
        payload: &[u8],
    ) -> Result<bool> {
        let Request { path, peer, terms, stays_held } = request;
        let (network, sessions) = match peer {
            Some(peer) => self.core.sessions_with(peer, path)?,
            None if !self.core.is_networked() || self.route_for(path).is_some() => {
                return Ok(false)
            }
            None => match self.core.sessions_for(path) {
                Some(sessions) => sessions,
                None => return Ok(false),
            },
        };
        let payload = value::to_peer(payload, &isolate.held)?;
        let (here, stays_held, path) = (isolate.clone(), *stays_held, (*path).to_owned());
        // Known before it can end, which it may do at once.
        let asked = Arc::new(OnceLock::<Arc<Ask>>::new());
        let asking = asked.clone();
        isolate.on_cancel(call, move || {
            if let Some(ask) = asking.get() {
                ask.give_up();
            }
        });
        let ask = network.ask(sessions, terms, &payload, move |ended| {
            here.is_over(call);
            here.settle(call, outcome::ended(&here, ended, &path, stays_held));
        });
        // It was not set before.
        let _ = asked.set(ask);
        Ok(true)
    }

    /// Publishes if that can be done at once, and nothing before it is still to be published.
    fn publish_now(&self, isolate: &Isolate, topic: &str, payload: &[u8]) -> Result<bool> {
        if self.publishing.is_queued(topic) {
            return Ok(false);
        }
        self.core.publish_now(topic, || value::to_peer(payload, &isolate.held))
    }

    pub fn remove_service(self: &Arc<Self>, call: u32, path: String) -> Result<()> {
        let mut services = lock(&self.services);
        if let Some(at) = services.iter().position(|service| service.definition.path == path) {
            for route in services.remove(at).routes {
                route.lead_to(None);
            }
        }
        drop(services);
        let core = self.core.clone();
        self.settle_later(call, async move {
            core.remove(&path).await?;
            written(ArcValue::null())
        })
    }
}

pub fn written(value: ArcValue) -> Result<Vec<u8>> {
    value::from_core(&value, None)
}

/// A request whose handler is in the caller's own isolate: polled there, in the binary form.
pub fn request_action(isolate: &Arc<Isolate>, call: u32, node: u32, topic: &str, payload: &[u8]) {
    let call = CurrentCall { isolate: isolate.id, node, call, kind: CallKind::Opaque };
    let payload = ArcValue::new_bytes(payload.to_vec());
    request_here(isolate, call, node, topic.to_owned(), Some(payload), outcome::opaque_outcome);
}

/// A request of JavaScript to whoever has a path.
pub struct Request<'a> {
    pub path: &'a str,
    /// Whom to ask, if it is one certain node.
    pub peer: Option<&'a str>,
    pub terms: Terms,
    /// JavaScript gets the result as a value that it holds.
    pub stays_held: bool,
}

/// A request to anything else. `$registry` answers at once and is polled on the isolate's thread;
/// what goes to a node of this SDK is written by it; what may block, or goes to a node of the core,
/// runs on the Runar thread.
pub fn request_path(
    isolate: &Arc<Isolate>,
    call: u32,
    node: u32,
    request: Request<'_>,
    payload: &[u8],
) {
    if let Err(error) = try_request_path(isolate, call, node, &request, payload) {
        isolate.settle(call, Outcome::Error(error.to_json()));
    }
}

fn try_request_path(
    isolate: &Arc<Isolate>,
    call: u32,
    node: u32,
    request: &Request<'_>,
    payload: &[u8],
) -> Result<()> {
    let found = find(node)?;
    if found.ask_peer(isolate, call, request, payload)? {
        return Ok(());
    }
    let outcome = if request.stays_held { outcome::held_outcome } else { outcome::outcome };
    let call = CurrentCall { isolate: isolate.id, node, call, kind: CallKind::Translated };
    let payload = value::to_core(payload, &isolate.held)?;
    let path = request.path.to_owned();
    if path.starts_with("$registry/") {
        request_here(isolate, call, node, path, payload, outcome);
        return Ok(());
    }
    let here = isolate.clone();
    isolate.run_spawned(call, async move {
        let answer = found.core.request(&path, payload).await;
        outcome::translate_there(here, answer, outcome).await
    });
    Ok(())
}

fn request_here(
    isolate: &Arc<Isolate>,
    call: CurrentCall,
    node: u32,
    path: String,
    payload: Option<ArcValue>,
    outcome: fn(&Isolate, anyhow::Result<ArcValue>) -> Outcome,
) {
    match find(node) {
        Ok(node) => {
            let here = isolate.clone();
            isolate.run_here(call, async move {
                outcome(&here, node.core.request_local(path, payload).await)
            })
        }
        Err(error) => isolate.settle(call.call, Outcome::Error(error.to_json())),
    }
}

/// Publishes an event of the isolate to whoever else listens: Rust services and peers.
pub fn publish(
    isolate: &Arc<Isolate>,
    call: u32,
    node: u32,
    topic: &str,
    payload: &[u8],
    retain_ms: u32,
) {
    let published = find(node).and_then(|node| {
        if retain_ms == 0 && node.publish_now(isolate, topic, payload)? {
            return Ok(None);
        }
        Ok(Some((node, value::to_core(payload, &isolate.held)?)))
    });
    let (node, payload) = match published {
        Ok(Some(published)) => published,
        Ok(None) => return isolate.settle(call, Outcome::Value(value::nothing().to_vec())),
        Err(error) => return isolate.settle(call, Outcome::Error(error.to_json())),
    };
    let kind = CallKind::Publish;
    let call = CurrentCall { isolate: isolate.id, node: node.id, call, kind };
    let topic = topic.to_owned();
    let retain = (retain_ms > 0).then(|| Duration::from_millis(retain_ms.into()));
    let here = isolate.clone();
    let turn = node.publishing.queue(&topic);
    // Subscribers in Rust may block, and peers may be slow.
    isolate.run_spawned(call, async move {
        let published = turn.take(node.core.publish(&topic, payload, retain)).await;
        outcome::outcome(&here, published.map(|()| ArcValue::null()))
    });
}
