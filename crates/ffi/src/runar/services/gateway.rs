//! HTTP for the services of a node: `GatwayService` of `runar_gateway`.
//!
//! It runs on a private node of the core, with a stand-in for each service that clients may call,
//! and on a thread of its own. That repairs defects of the crate: the node's own `$keys` and its
//! databases are out of reach; each action answers GET and POST, not only one of them; names may
//! have parts separated by `/`; a result that is no JSON is an error, not a panic; a client that
//! disconnects does not cancel a request to a peer. The crate would also write to the standard
//! output when it stops, and ignore a port that is in use.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use runar_gateway::GatwayService;
use runar_node::services::{ActionHandler, NodeDelegate};
use runar_node::{AbstractService, RequestContext, TopicPath};
use runar_schemas::{ActionMetadata, FieldSchema, SchemaDataType};
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::{oneshot, watch};

use super::payload;
use crate::error::{Code, Error, Result};
use crate::runar::adapter::Core;
use crate::runar::errors::{not_started, to_public_error};
use crate::runar::running::Running;
use crate::runar::service::{ReachableService, ServiceEntry};
use crate::sync::lock;
use crate::value::{ArcValue, ValueCategory};

/// How long the last responses may take to reach their clients when the gateway stops.
const LINGER: Duration = Duration::from_millis(100);

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayConfig {
    pub listen: SocketAddr,
    /// The paths of the services that clients may call. By default those written in JavaScript.
    pub services: Option<Vec<String>>,
}

pub struct Gateway {
    config: GatewayConfig,
    serving: Mutex<Option<Serving>>,
}

struct Serving {
    /// Dropped to make the thread end.
    _go_on: oneshot::Sender<()>,
    ended: oneshot::Receiver<()>,
    running: Running,
}

impl Gateway {
    pub fn new(config: GatewayConfig) -> Self {
        Self { config, serving: Mutex::default() }
    }

    fn reaches(&self, service: &ReachableService) -> bool {
        match &self.config.services {
            Some(paths) => paths.contains(&service.path),
            None => service.is_javascript,
        }
    }

    /// Starts the server. Returns its address.
    pub async fn start(
        &self,
        core: &Arc<Core>,
        services: Vec<ReachableService>,
    ) -> Result<SocketAddr> {
        let address = free_address(self.config.listen)?;
        let requests = Requests::default();
        let mut running = core.private_node().await?;
        for service in services.iter().filter(|service| self.reaches(service)) {
            stand_in(&mut running, core, service, &requests).await?;
        }
        running.begin().await?;

        let service = GatwayService::new("gateway", "$gateway").with_listen_addr(address);
        let context = running.context("$gateway")?;
        let (started, has_started) = oneshot::channel();
        let (go_on, stop) = oneshot::channel::<()>();
        let (end, ended) = oneshot::channel();
        let run = move || {
            let _end: oneshot::Sender<()> = end;
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = match runtime {
                Ok(runtime) => runtime,
                Err(error) => return drop(started.send(Err(not_listening(address, &error)))),
            };
            runtime.block_on(async {
                if let Err(error) = service.start(context).await {
                    return drop(started.send(Err(not_listening(address, &error))));
                }
                // The service binds in a task of its own, which panics when it cannot; on one
                // thread that task has run when this one goes on.
                tokio::task::yield_now().await;
                if open_tasks() == 0 {
                    let error = "another program has just taken it";
                    return drop(started.send(Err(not_listening(address, &error))));
                }
                if started.send(Ok(())).is_err() {
                    return;
                }
                // Ends, with an error, when the other side is dropped.
                let _ = stop.await;
                requests.completed().await;
            });
            // In this order: the server must be gone before the service, which would make it
            // write to the standard output.
            drop(runtime);
            drop(service);
        };
        std::thread::Builder::new()
            .name("runar-gateway".to_owned())
            .spawn(run)
            .map_err(|error| not_listening(address, &error))?;
        let outcome = has_started.await.unwrap_or_else(|_| {
            Err(Error::new(Code::Panic, "The gateway's thread has ended with a panic"))
        });
        if let Err(error) = outcome {
            running.end().await?;
            return Err(error);
        }
        *lock(&self.serving) = Some(Serving { _go_on: go_on, ended, running });
        Ok(address)
    }

    /// Answers the requests that have arrived, then closes the port.
    pub async fn stop(&self) -> Result<()> {
        let serving = lock(&self.serving).take();
        let Some(Serving { _go_on: go_on, ended, running }) = serving else {
            return Ok(());
        };
        drop(go_on);
        let _ = ended.await;
        running.end().await
    }
}

fn not_listening(address: SocketAddr, reason: &dyn std::fmt::Display) -> Error {
    Error::new(Code::Listen, format!("{address} cannot be listened on: {reason}"))
        .with_details(serde_json::json!({ "address": address.to_string() }))
}

/// The address with a free port for port 0. The service reports neither the port it got nor a port
/// in use.
fn free_address(requested: SocketAddr) -> Result<SocketAddr> {
    TcpListener::bind(requested)
        .and_then(|listener| listener.local_addr())
        .map_err(|error| not_listening(requested, &error))
}

/// How many tasks the current runtime, the gateway's own, has.
fn open_tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

/// Adds a stand-in for a service to the private node.
async fn stand_in(
    running: &mut Running,
    core: &Arc<Core>,
    service: &ReachableService,
    requests: &Requests,
) -> Result<()> {
    let entry = ServiceEntry {
        name: service.name.clone(),
        path: service.path.clone(),
        version: "1.0.0".to_owned(),
        description: String::new(),
        actions: Vec::new(),
    };
    running.add(entry, false).await?;
    // What stands for any value is in no URL.
    let actions = service.actions.iter().filter(|name| !name.contains('{'));
    for (index, name) in actions.enumerate() {
        let path = format!("{}/{name}", service.path);
        let answer = forwarding(core.clone(), path.clone(), requests.clone());
        running.describe(&path, answer.clone(), None).await?;
        // The service finds names of one part only, and takes GET or POST, but gives an action the
        // name that its description has: so each is described twice, under names of one part.
        for (verb, input_schema) in
            [("get", None), ("post", Some(FieldSchema::new("payload", SchemaDataType::Any)))]
        {
            let metadata = ActionMetadata {
                name: name.clone(),
                description: String::new(),
                input_schema,
                output_schema: None,
            };
            let described = format!("{}/${verb}-{index}", service.path);
            running.describe(&described, answer.clone(), Some(metadata)).await?;
        }
    }
    Ok(())
}

impl Running {
    async fn describe(
        &self,
        path: &str,
        handler: ActionHandler,
        metadata: Option<ActionMetadata>,
    ) -> Result<()> {
        let topic = TopicPath::new(path, &self.network_id).map_err(not_started)?;
        NodeDelegate::register_action_handler(&self.node, topic, handler, metadata)
            .await
            .map_err(not_started)
    }
}

fn forwarding(core: Arc<Core>, path: String, requests: Requests) -> ActionHandler {
    Arc::new(move |payload, _context: RequestContext| {
        let (core, path, request) = (core.clone(), path.clone(), requests.begin());
        Box::pin(async move {
            let _request = request;
            // Never goes to a peer, so it may be dropped when the client hangs up.
            match core.request_local(path.clone(), payload).await {
                Ok(value) => {
                    let json = json_of(&value).map_err(|what| {
                        Error::new(Code::Value, format!("{path}: the result is no JSON: {what}"))
                    })?;
                    Ok(ArcValue::new_json(json))
                }
                Err(error) => Err(to_public_error(error).into()),
            }
        })
    })
}

/// The JSON of a value; NaN and the infinities are null, as in `JSON.stringify`.
fn json_of(value: &ArcValue) -> std::result::Result<Value, String> {
    if value.category() == ValueCategory::Bytes {
        return Err("it holds bytes; return them as text, in base64".to_owned());
    }
    if value.type_name() == Some("f64") {
        let number = value.as_type_ref::<f64>().map_err(|error| error.to_string())?;
        return Ok(Value::from(*number));
    }
    if value.category() == ValueCategory::Json {
        let json = value.as_json_ref().map_err(|error| error.to_string())?;
        return Ok(json.as_ref().clone());
    }
    if let Some(items) = payload::items(value) {
        return items.iter().map(json_of).collect();
    }
    match payload::entries(value) {
        Some(mut entries) => {
            entries.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
            let entries = entries.iter().map(|(key, value)| Ok((key.clone(), json_of(value)?)));
            entries.collect::<std::result::Result<Map<_, _>, String>>().map(Value::Object)
        }
        None => value.to_json().map_err(|error| error.to_string()),
    }
}

/// The requests in flight, and when the last of them was answered.
#[derive(Clone)]
struct Requests(watch::Sender<(usize, Option<Instant>)>);

impl Default for Requests {
    fn default() -> Self {
        Self(watch::Sender::new((0, None)))
    }
}

impl Requests {
    fn begin(&self) -> Request {
        self.0.send_modify(|(count, _)| *count += 1);
        Request(self.clone())
    }

    /// Waits until all requests are answered. The service hides its connections, so a response that
    /// was just made gets a moment to be written.
    async fn completed(&self) {
        let mut changes = self.0.subscribe();
        // Only fails when the sender, which is `self`, is gone.
        let last = changes.wait_for(|(count, _)| *count == 0).await.map_or(None, |state| state.1);
        while last.is_some_and(|last| last.elapsed() < LINGER) && open_tasks() > 1 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

struct Request(Requests);

impl Drop for Request {
    fn drop(&mut self) {
        self.0 .0.send_modify(|(count, last)| {
            *count -= 1;
            *last = Some(Instant::now());
        });
    }
}
