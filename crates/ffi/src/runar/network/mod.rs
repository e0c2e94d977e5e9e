//! A node among others: an endpoint of QUIC that speaks Runar's wire protocol.
//!
//! The core has a transport of its own, which is not used: it does not authenticate peers, stops
//! accepting them on half of its starts, registers only the first peer of a path, serves one call
//! of a peer at a time, cuts the connection on a large message, a dropped call or a panic, sends
//! calls again when it breaks, takes half a minute to find out that a peer is gone, and lets peers
//! call the registry and the keys. What travels is the same, so that nodes of the core are peers
//! like any other.

mod addresses;
#[cfg(any(test, fuzzing))]
#[path = "../../../tests/adversarial/mod.rs"]
pub mod adversarial;
mod core_peer;
mod dial;
mod discovery;
mod link;
mod peers;
mod session;
mod socket;
mod tls;

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use futures_util::future::{join_all, BoxFuture};
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
use tokio::sync::{oneshot, watch, Semaphore};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;

use super::errors::not_found;
use super::topic::{path_of, without_network};
use crate::config::NetworkConfig;
use crate::error::{Code, Error, Result};
use crate::peer_call::{CallMetadata, Caller, CancelOnDrop, Payload, ResponseCallback};
use crate::sync::lock;
use crate::value::{self, HandleTable};

use self::core_peer::serve::ResponseCache;
use self::core_peer::wire::{self, PayloadCipher};
use self::dial::DialState;
use self::discovery::Discovery;
use self::link::{HandshakeOutcome, Link};
use self::peers::Peers;
pub use self::session::{CallResult, OutboundCall};

/// How many connections may be under way to being introduced: no number of strangers takes the
/// places of peers.
const MAX_PENDING_HANDSHAKES: usize = 32;

/// From this many on, whoever calls must first show that it can be reached where it says it is.
const ADDRESS_VALIDATION_THRESHOLD: usize = 8;

/// How many who came without proof are called back at a time.
const MAX_DIAL_BACKS: usize = 8;

/// A warning that anybody can bring about is told at most so often.
const WARNING_INTERVAL: Duration = Duration::from_secs(1);

/// How long a stop waits for peers to have what was promised to them.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(1);

/// The news that a node has changed is told at most so often.
const NODE_UPDATE_INTERVAL: Duration = Duration::from_millis(20);

/// What the network asks of the node that it belongs to.
pub trait NetworkDelegate: Send + Sync + 'static {
    /// Calls an action for a peer. The answer comes in the form of the payload; in binary form it
    /// has no handles.
    fn serve(
        &self,
        caller: Caller,
        path: String,
        payload: Payload,
        answered: ResponseCallback,
    ) -> CancelOnDrop;

    /// Waits until what was heard before is taken, as far as there is no room for more.
    fn room(&self) -> BoxFuture<'static, ()>;

    /// `exactly` means those who subscribed to just this topic or pattern.
    fn hear(&self, topic: &str, value: &Payload, exactly: bool) -> Result<()>;

    /// There are actions of peers, by their full paths, that may not have been there before.
    fn offered(&self, paths: Vec<String>) -> BoxFuture<'static, ()>;

    /// JSON for JavaScript: `{ change, peer }`.
    fn peer_changed(&self, change: String);
}

pub struct Transport {
    own_id: String,
    public_key: Vec<u8>,
    network_id: String,
    config: NetworkConfig,
    logger: Logger,
    cipher: PayloadCipher,
    endpoint: Endpoint,
    addresses: Vec<SocketAddr>,
    local: Box<dyn NetworkDelegate>,
    peers: Peers,
    wanted: Mutex<HashMap<String, DialState>>,
    /// Peers that the program has disconnected from.
    unwanted: Mutex<HashSet<String>>,
    answers: ResponseCache,
    discovery: OnceLock<Arc<Discovery>>,
    described: Mutex<Description>,
    news: tokio::sync::Notify,
    strangers: Arc<Semaphore>,
    called_back: Arc<Semaphore>,
    /// How many answers are on their way to peers.
    answering: watch::Sender<usize>,
    last_warning: Mutex<Option<Instant>>,
    /// What runs as long as the network does; `None` once it has stopped.
    tasks: Mutex<Option<JoinSet<()>>>,
}

fn not_answered(path: &str, wait: Duration) -> Error {
    let text = format!("{path}: the peer has not answered within {} ms", wait.as_millis());
    Error::new(Code::Timeout, text)
}

/// A call that ends when nobody waits for it any more.
struct GivenUp(Arc<OutboundCall>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

/// Peers of which one is to be asked for an action, in this order; those that run the core are passed
/// over.
pub struct Sessions {
    /// The full path of the action.
    topic: String,
    links: Vec<Arc<Link>>,
}

/// What this node tells of itself.
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

impl Transport {
    /// Opens the port, and begins to look for peers.
    pub async fn start(
        membership: Membership,
        config: NetworkConfig,
        logger: Logger,
        services: Vec<ServiceMetadata>,
        subscriptions: Vec<String>,
        local: Box<dyn NetworkDelegate>,
    ) -> Result<Arc<Self>> {
        let Membership { keys, network_id } = membership;
        let (server, client) =
            tls::configs(&keys, config.peer_timeout_ms.duration()).map_err(|error| {
                Error::new(Code::StartFailed, format!("The node cannot prove who it is: {error:#}"))
            })?;
        let bind = config.transport_options.bind_address;
        let mut endpoint = socket::open(bind, &server).await.map_err(|error| {
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
            cipher: PayloadCipher::new(keys, network_id.clone()),
            network_id,
            logger,
            endpoint,
            addresses: addresses::reachable(bound),
            local,
            peers: Peers::default(),
            wanted: Mutex::default(),
            unwanted: Mutex::default(),
            answers: ResponseCache::default(),
            discovery: OnceLock::new(),
            described: Mutex::new(Description { services, subscriptions, version }),
            news: tokio::sync::Notify::new(),
            strangers: Arc::new(Semaphore::new(MAX_PENDING_HANDSHAKES)),
            called_back: Arc::new(Semaphore::new(MAX_DIAL_BACKS)),
            answering: watch::channel(0).0,
            last_warning: Mutex::default(),
            tasks: Mutex::new(Some(JoinSet::new())),
            config,
        });
        if let Err(error) = network.look_for_peers(bound) {
            network.stop().await;
            return Err(error);
        }
        let accepting = network.clone();
        network.keep(async move { accepting.accept().await });
        let telling = network.clone();
        network.keep(async move { telling.send_node_update().await });
        network.warn_of_exposure(bound);
        Ok(network)
    }

    /// Runs a task until it ends, or the network does; after that, not at all.
    fn keep(&self, task: impl Future<Output = ()> + Send + 'static) -> Option<AbortHandle> {
        let mut tasks = lock(&self.tasks);
        let tasks = tasks.as_mut()?;
        while tasks.try_join_next().is_some() {}
        Some(tasks.spawn(task))
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

    /// How long one step of a conversation may take.
    fn step_timeout(&self) -> Duration {
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

    async fn send_node_update(self: Arc<Self>) {
        loop {
            self.news.notified().await;
            self.send_node_update_to(&self.peers.links());
            tokio::time::sleep(NODE_UPDATE_INTERVAL).await;
        }
    }

    fn send_node_update_to(&self, links: &[Arc<Link>]) {
        match wire::cbor(&self.description()) {
            Ok(description) => links.iter().for_each(|link| link.send_node_update(&description)),
            Err(error) => self.logger.warn(format!("peers do not hear the news: {error}")),
        }
    }

    async fn accept(self: Arc<Self>) {
        while let Some(incoming) = self.endpoint.accept().await {
            let Ok(permit) = self.strangers.clone().try_acquire_owned() else {
                incoming.refuse();
                continue;
            };
            let is_busy = self.strangers.available_permits() + ADDRESS_VALIDATION_THRESHOLD
                < MAX_PENDING_HANDSHAKES;
            if is_busy && !incoming.remote_address_validated() {
                // It comes again if it is there.
                let _ = incoming.retry();
                continue;
            }
            if self.peers.count() >= self.config.max_connections.0 as usize {
                incoming.refuse();
                continue;
            }
            let network = self.clone();
            // Each on its own, so that one that says nothing holds up nobody.
            tokio::spawn(async move {
                let _permit = permit;
                let wait = network.step_timeout().min(network.config.peer_timeout_ms.duration());
                let Ok(Ok(connection)) = timeout(wait, incoming).await else {
                    return;
                };
                let from = connection.remote_address();
                match link::welcome(&network, connection.clone(), wait).await {
                    Ok(introduced) => network.take_in(introduced).await,
                    Err(error) => {
                        let told = format!("{from} is turned away: {error}");
                        match error.code {
                            Code::PeerIdentity => network.warn(told),
                            _ => network.logger.debug(told),
                        }
                        connection.close(VarInt::from_u32(1), error.message.as_bytes());
                        network.call_back(&error, from);
                    }
                }
            });
        }
    }

    /// Warns of what strangers do, unless there was such a warning just before.
    fn warn(&self, told: String) {
        let mut last = lock(&self.last_warning);
        let now = Instant::now();
        if last.is_some_and(|last| now.duration_since(last) < WARNING_INTERVAL) {
            self.logger.debug(told);
            return;
        }
        *last = Some(now);
        self.logger.warn(told);
    }

    /// Takes in a peer, and serves its connection from now to its end.
    async fn take_in(self: &Arc<Self>, HandshakeOutcome { link, info, calls }: HandshakeOutcome) {
        let is_new = !self.peers.is_connected(&link.peer);
        if is_new && self.peers.count() >= self.config.max_connections.0 as usize {
            link.close("no more peers are taken");
            return;
        }
        self.local.offered(peers::action_paths(&info).collect()).await;
        self.local.peer_changed(self.peers.attach(link.clone(), info));
        // What has changed since this node introduced itself was told to the peers of that moment.
        self.send_node_update_to(std::slice::from_ref(&link));
        let network = self.clone();
        tokio::spawn(async move {
            match link.as_session() {
                Some(session) => session.receive(&network, &link, calls).await,
                None => network.serve(&link).await,
            }
            link.close("over");
            let change = network.peers.detach(&link);
            // After that no call finds the way to it any more.
            network.end_session(&link);
            if let Some(change) = change {
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

    fn end_session(&self, link: &Link) {
        let Some(session) = link.as_session() else { return };
        let why = link.connection.close_reason().map(|reason| reason.to_string());
        let lost = session.end(why.as_deref().unwrap_or("it is closed"));
        if lost > 0 {
            let peer = &link.peer;
            self.logger.warn(format!("{lost} events did not reach the peer {peer}"));
        }
    }

    /// Whom to ask for an action, by its path, when it is the turn of a node of this SDK.
    pub fn sessions_for(&self, path: &str) -> Option<Sessions> {
        let topic = self.topic_of(path);
        let links = self.peers.offering(&topic);
        let is_session = |link: &Arc<Link>| link.as_session().is_some();
        links.first().is_some_and(is_session).then_some(Sessions { topic, links })
    }

    /// The sessions with one certain node.
    pub fn sessions_with(&self, peer: &str, path: &str) -> Result<Sessions> {
        let mut links = self.peers.all_links(peer);
        links.reverse();
        let is_session = |link: &Arc<Link>| link.as_session().is_some() && link.is_open();
        if links.iter().any(is_session) {
            return Ok(Sessions { topic: self.topic_of(path), links });
        }
        Err(link::not_sent(peer))
    }

    fn topic_of(&self, path: &str) -> String {
        format!("{}:{path}", self.network_id)
    }

    /// Calls an action of a node of this SDK.
    pub fn ask(
        self: &Arc<Self>,
        Sessions { topic, links }: Sessions,
        terms: &CallMetadata,
        payload: &[u8],
        on_end: impl FnOnce(CallResult) + Send + 'static,
    ) -> Arc<OutboundCall> {
        let ask = OutboundCall::new(self, topic, terms, payload, on_end);
        let path = without_network(ask.topic());
        match session::check_size(payload.len(), self.config.max_payload_size.0 as usize) {
            Ok(()) => Self::ask_one_of(links, &ask, not_found(path)),
            Err(error) => {
                ask.end(CallResult::Unanswered(error.at(&format!("{path}: the payload"))));
            }
        }
        ask
    }

    /// Sends a call to the next node of this SDK that has not been tried; `failure` is what is told
    /// when there is none.
    fn ask_next(&self, ask: &Arc<OutboundCall>, failure: Error) {
        Self::ask_one_of(self.peers.offering(ask.topic()), ask, failure);
    }

    fn ask_one_of(links: Vec<Arc<Link>>, ask: &Arc<OutboundCall>, failure: Error) {
        for link in links {
            if let Some(session) = link.as_session().filter(|_| !ask.was_tried(&link.peer)) {
                return session.ask(ask);
            }
        }
        ask.end(CallResult::Unanswered(failure.at(without_network(ask.topic()))));
    }

    /// Calls an action of a peer, for somebody in Rust: of one that offers it and whose turn it is.
    pub async fn request(
        self: &Arc<Self>,
        topic: &str,
        value: Option<ArcValue>,
    ) -> anyhow::Result<ArcValue> {
        let path = without_network(topic).to_owned();
        let mut failure = not_found(&path);
        let mut sealed = None;
        // The next one only as long as nobody can have begun.
        let offering = self.peers.offering(topic);
        for (at, link) in offering.iter().enumerate() {
            if link.as_session().is_some() {
                let sessions = Sessions { topic: topic.to_owned(), links: offering[at..].to_vec() };
                return self.request_session(sessions, &path, value).await;
            }
            let sealed = match &sealed {
                Some(sealed) => sealed,
                None => {
                    let made = self.cipher.seal(value.as_ref()).map_err(|error| error.at(&path))?;
                    sealed.insert(made)
                }
            };
            let frame = match link.frame(self, MESSAGE_TYPE_REQUEST, topic, sealed) {
                Ok(frame) => frame,
                // Another peer may take more.
                Err(error) => {
                    failure = error.at(&format!("{path}: the payload"));
                    continue;
                }
            };
            match timeout(self.step_timeout(), link.open()).await {
                Ok(Ok(streams)) => return self.exchange(link.clone(), streams, frame, &path).await,
                Ok(Err(error)) => failure = error.at(&path),
                Err(_) => {
                    let text = format!("{path}: the peer {} takes no more calls", link.peer);
                    failure = Error::new(Code::Overload, text);
                }
            }
        }
        Err(failure.into())
    }

    async fn request_session(
        self: &Arc<Self>,
        sessions: Sessions,
        path: &str,
        value: Option<ArcValue>,
    ) -> anyhow::Result<ArcValue> {
        let payload = value::from_core(&value.unwrap_or_else(ArcValue::null), None)?;
        let wait = self.config.request_timeout_ms;
        let terms = CallMetadata { timeout_ms: wait.0, ..CallMetadata::default() };
        let (told, ended) = oneshot::channel();
        let ask = self.ask(sessions, &terms, &payload, move |ended| {
            // Whoever waited has given up.
            let _ = told.send(ended);
        });
        let guard = GivenUp(ask);
        let ended = timeout(wait.duration(), ended).await;
        let ended = ended.map_err(|_| not_answered(path, wait.duration()))?;
        drop(guard);
        match ended.context("the answer of a peer")? {
            CallResult::Reply(bytes, _) => {
                Ok(Payload::Binary(bytes).into_core(&HandleTable::default())?)
            }
            CallResult::Failed(json) => Err(Error::from_json(&json).into()),
            CallResult::Unanswered(error) => Err(error.at(path).into()),
        }
    }

    /// Sends a request and waits for its answer, on a task of its own, so that the caller may give
    /// up: the core takes a stream that is no longer read for the end of the connection.
    async fn exchange(
        self: &Arc<Self>,
        link: Arc<Link>,
        (mut send, mut receive): (quinn::SendStream, quinn::RecvStream),
        frame: Vec<u8>,
        path: &str,
    ) -> anyhow::Result<ArcValue> {
        let network = self.clone();
        let wait = self.config.request_timeout_ms.duration();
        let answer = tokio::spawn(async move {
            link::write(&link.peer, &mut send, &frame).await?;
            drop(frame);
            let message = wire::read(&mut receive, network.config.message_limit()).await;
            let message = message.map_err(|error| match error.code {
                Code::PeerLost => link::lost(&link.peer, &error.message),
                _ => error,
            })?;
            wire::answer(&network.cipher, &message)
        });
        let answer = timeout(wait, answer).await.map_err(|_| not_answered(path, wait))?;
        let answer = answer.context("the answer of a peer")?;
        let value = answer.map_err(|error| error.at(path))?;
        Ok(value.unwrap_or_else(ArcValue::null))
    }

    /// Tells the peers that listen of an event.
    pub async fn publish(&self, topic: &str, value: Option<&ArcValue>) -> Result<()> {
        let topic = self.topic(topic)?;
        let listening = self.peers.listening(&topic);
        if listening.is_empty() {
            return Ok(());
        }
        let path = path_of(&topic);
        let (mut sealed, mut portable) = (Vec::new(), Vec::new());
        if listening.iter().any(|link| link.as_session().is_none()) {
            sealed = self.cipher.seal(value).map_err(|error| error.at(path))?;
        }
        if listening.iter().any(|link| link.as_session().is_some()) {
            portable = self.portable(path, value)?;
        }
        let told = join_all(listening.iter().map(|link| async {
            let told = async {
                match link.as_session() {
                    Some(session) => session.tell(path, &portable).await,
                    None => {
                        let frame = link
                            .frame(self, MESSAGE_TYPE_EVENT, topic.as_str(), &sealed)
                            .map_err(|error| error.at(&format!("{path}: the value")))?;
                        link.tell(frame).await
                    }
                }
            };
            match timeout(self.step_timeout(), told).await {
                Ok(Err(error)) if error.code == Code::PeerLost => {
                    // It is gone, as the table of peers will say.
                    self.logger.debug(format!("{error}"));
                    Ok(())
                }
                Ok(told) => told,
                Err(_) => {
                    let text = format!("{path}: the peer {} takes no events", link.peer);
                    Err(Error::new(Code::Overload, text))
                }
            }
        }));
        told.await.into_iter().collect()
    }

    /// Tells the peers that listen of an event, if each is a node of this SDK that has room for it.
    pub fn publish_now(
        &self,
        topic: &str,
        portable: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<bool> {
        let topic = self.topic(topic)?;
        let listening = self.peers.listening(&topic);
        let sessions = listening.iter().map(|link| link.as_session());
        let sessions = sessions.map(|session| session.filter(|session| session.has_room()));
        let Some(sessions) = sessions.collect::<Option<Vec<_>>>() else { return Ok(false) };
        if sessions.is_empty() {
            return Ok(true);
        }
        let path = path_of(&topic);
        let portable = self.event(path, portable())?;
        for session in sessions {
            if let Err(error) = session.tell_now(path, &portable) {
                // It is gone, as the table of peers will say.
                self.logger.debug(format!("{error}"));
            }
        }
        Ok(true)
    }

    fn topic(&self, topic: &str) -> Result<TopicPath> {
        let invalid = |why| Error::new(Code::InvalidArgument, why);
        TopicPath::new(topic, &self.network_id).map_err(invalid)
    }

    fn portable(&self, path: &str, value: Option<&ArcValue>) -> Result<Vec<u8>> {
        let null = ArcValue::null();
        self.event(path, value::from_core(value.unwrap_or(&null), None))
    }

    /// The value of an event that may go.
    fn event(&self, path: &str, value: Result<Vec<u8>>) -> Result<Vec<u8>> {
        let bytes = value.map_err(|error| error.at(path))?;
        session::check_size(bytes.len(), self.config.max_payload_size.0 as usize)
            .map_err(|error| error.at(&format!("{path}: the value")))?;
        Ok(bytes)
    }

    /// Says goodbye and closes everything. What peers are still to answer fails.
    pub async fn stop(&self) {
        if let Some(discovery) = self.discovery.get() {
            discovery.say_goodbye().await;
        }
        let tasks = lock(&self.tasks).take();
        if let Some(mut tasks) = tasks {
            tasks.shutdown().await;
        }
        let mut answering = self.answering.subscribe();
        let links = self.peers.links();
        let promised = async {
            // After its end nothing more can be said, so answers come first.
            let answered = async { answering.wait_for(|count| *count == 0).await.is_ok() };
            let _ = timeout(SHUTDOWN_GRACE / 2, answered).await;
            join_all(links.iter().map(|link| link.flush())).await;
        };
        // Whoever takes nothing now has had its time.
        let _ = timeout(SHUTDOWN_GRACE, promised).await;
        self.endpoint.close(VarInt::from_u32(0), b"shutdown");
        // Peers that hear nothing of it find out by themselves.
        let _ = timeout(Duration::from_millis(500), self.endpoint.wait_idle()).await;
        // Connections that are not over yet would keep the port for seconds.
        let free = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0));
        if let Err(error) = free.and_then(|socket| self.endpoint.rebind(socket)) {
            self.logger.warn(format!("the port is given back only later: {error}"));
        }
    }
}
