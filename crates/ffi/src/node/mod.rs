//! A node that JavaScript hosts.

mod backend;
pub mod create;
mod hosting;
mod inbound;
mod keyed_queue;
pub mod outbound;
pub mod registry;
mod route;
mod service;

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use self::keyed_queue::KeyedQueue;
use self::route::{Route, Target};
use self::service::Service;
use crate::call::{current_call, CallKind, CurrentCall, Outcome};
use crate::config::{is_address, LevelFilter, PublicKey};
use crate::error::{Code, Error, Result};
use crate::isolate::Isolate;
use crate::peer_call::Payload;
use crate::runar::adapter::Core;
use crate::runar::subscriptions::EventSink;
use crate::runar::topic;
use crate::sync::lock;
use crate::value::{self, ArcValue};
use crate::{logs, runtime};

pub struct Node {
    id: u32,
    isolate: Arc<Isolate>,
    core: Arc<Core>,
    services: Mutex<Vec<Service>>,
    /// By the full path of the action; kept for good, see `Route`.
    routes: Mutex<HashMap<String, Arc<Route>>>,
    last_action: AtomicU32,
    /// Orders the events of a topic on their way to the core.
    publishing: Arc<KeyedQueue>,
}

impl Node {
    pub fn id(&self) -> u32 {
        self.id
    }

    pub fn is_running(&self) -> bool {
        self.core.is_running()
    }

    #[cfg(feature = "test-fixtures")]
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Runs work on the Runar thread and settles the call with its result.
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
        timeout: Duration,
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
            let connected = core.connect(&key.0, addresses, timeout);
            let id = cancellable.unless_cancelled(connected).await?;
            written(ArcValue::new_primitive(id))
        })
    }

    pub fn disconnect(&self, peer: &str) -> Result<()> {
        let (core, peer) = (self.core.clone(), peer.to_owned());
        runtime::spawn(async move { core.disconnect(&peer) })
    }

    pub fn listen(&self, topic: &str, listening: bool) {
        self.core.listen(topic, listening);
    }

    /// Delivers the events of a topic or pattern to the isolate.
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
                Payload::Binary(bytes) => value::from_peer(bytes, &isolate.handles)?,
                Payload::Value(value) => value::from_core(value, Some(&isolate.handles))?,
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

    /// Sets the level of the core's log records for this node, or for one component of it.
    pub fn set_log_level(&self, level: LevelFilter, component: Option<String>) {
        logs::set_level(self.id, level, component);
    }

    fn route(&self, path: String, target: Target) -> Arc<Route> {
        let mut routes = lock(&self.routes);
        let route =
            routes.entry(path.clone()).or_insert_with(|| Arc::new(Route::new(path))).clone();
        route.set_target(Some(target));
        route
    }

    /// The route of a path, which may fit an action with variable parts.
    fn route_for(&self, path: &str) -> Option<Arc<Route>> {
        let routes = lock(&self.routes);
        if let Some(route) = routes.get(path).filter(|route| route.has_handler()) {
            return Some(route.clone());
        }
        let matching = routes.iter().find(|(template, route)| {
            template.contains('{') && route.has_handler() && topic::fits(template, path)
        });
        matching.map(|(_, route)| route.clone())
    }
}

/// The result of a call in binary form.
pub fn written(value: ArcValue) -> Result<Vec<u8>> {
    value::from_core(&value, None)
}
