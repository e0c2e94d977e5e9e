//! Nodes that count their calls, and keep to the protocol unless a test makes them deviate.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context;
use futures_util::future::BoxFuture;
use quinn::Connection;
use runar_common::logging::{Component, Logger};
use runar_keys::node::NodeKeyManagerState;
use runar_keys::{CertificateAuthority, NodeKeyManager};
use tokio::sync::{oneshot, Notify};
use tokio::time::timeout;

use crate::call_metadata::CallMetadata;
use crate::config::NetworkConfig;
use crate::error::Result;
use crate::identity::{self, NodeKeys};
use crate::peer_call::{respond_later, Caller, CancelOnDrop, Payload, ResponseCallback};
use crate::runar::network::delegate::NetworkDelegate;
use crate::runar::network::membership::Membership;
use crate::runar::network::session::outbound::{CallResult, OutboundCall};
use crate::runar::network::session::version::Versions;
use crate::runar::network::Transport;
use crate::runar::service::ServiceEntry;
use crate::runtime;
use crate::value::ArcValue;

pub const WAIT: Duration = Duration::from_secs(10);

/// A node whose handlers answer with what they get, or never.
#[derive(Default)]
pub struct Counting {
    calls: AtomicUsize,
    waiting: AtomicUsize,
    changed: Notify,
}

struct Here(Arc<Counting>);

struct Waiting(Arc<Counting>);

impl Waiting {
    fn new(counting: &Arc<Counting>) -> Self {
        counting.waiting.fetch_add(1, Ordering::SeqCst);
        counting.changed.notify_waiters();
        Self(counting.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }
}

impl Counting {
    /// How many calls were served.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    pub async fn until_waiting(&self, count: usize) -> anyhow::Result<()> {
        let waiting = async {
            loop {
                let changed = self.changed.notified();
                let mut changed = std::pin::pin!(changed);
                changed.as_mut().enable();
                if self.waiting.load(Ordering::SeqCst) == count {
                    return;
                }
                changed.await;
            }
        };
        Ok(timeout(WAIT, waiting).await?)
    }
}

impl NetworkDelegate for Here {
    fn serve(
        &self,
        _: Caller,
        path: String,
        payload: Payload,
        respond: ResponseCallback,
    ) -> CancelOnDrop {
        let counting = self.0.clone();
        counting.calls.fetch_add(1, Ordering::SeqCst);
        let response = async move {
            if path == "here/wait" {
                let _waiting = Waiting::new(&counting);
                std::future::pending::<()>().await;
            }
            Ok(payload)
        };
        respond_later(response, respond)
    }

    fn capacity(&self) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }

    fn deliver(&self, _topic: &str, _value: &Payload, _exactly: bool) -> Result<()> {
        Ok(())
    }

    fn add_remote_actions(&self, _paths: Vec<String>) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }

    fn peer_changed(&self, _change: String) {}
}

pub struct Member {
    pub transport: Arc<Transport>,
    pub counting: Arc<Counting>,
}

/// An authority, and the nodes that are its members.
pub struct Authority {
    pub network_id: String,
    keys: Vec<u8>,
    certificates: Arc<CertificateAuthority>,
}

impl Authority {
    pub fn new() -> anyhow::Result<Self> {
        let certificates = Arc::new(CertificateAuthority::new("CN=Runar User CA")?);
        Self::with(certificates)
    }

    fn with(certificates: Arc<CertificateAuthority>) -> anyhow::Result<Self> {
        let keys = identity::create_network()?;
        let network_id = identity::network_ids(&keys)?.remove(0);
        Ok(Self { keys, network_id, certificates })
    }

    /// Another network whose certificates are made by the same authority.
    pub fn other_network(&self) -> anyhow::Result<Self> {
        Self::with(self.certificates.clone())
    }

    /// The keys of a new node, with a certificate that is good for so many days.
    pub fn enrol(&self, days: u32) -> anyhow::Result<Arc<NodeKeyManager>> {
        let node = identity::create()?;
        let request = identity::request(&node)?;
        let (_, grant) = identity::grant(&self.keys, &self.network_id, &request, None)?;
        let enrolled = identity::install(&node, &grant, Some(&self.network_id))?;
        let keys = NodeKeys::read(&enrolled)?.certified_by(&self.certificates, days)?;
        let state: NodeKeyManagerState = bincode::deserialize(&keys)?;
        let logger = Logger::new_root(Component::Node, "adversarial");
        Ok(Arc::new(NodeKeyManager::from_state(state, Arc::new(logger))?))
    }

    pub async fn member(&self) -> anyhow::Result<Member> {
        self.member_with(NetworkConfig::default()).await
    }

    /// A member that speaks these versions of sessions.
    pub async fn member_of_versions(&self, oldest: u32, newest: u32) -> anyhow::Result<Member> {
        self.start_member(NetworkConfig::default(), Versions { oldest, newest }).await
    }

    pub async fn member_with(&self, config: NetworkConfig) -> anyhow::Result<Member> {
        self.start_member(config, Versions::OWN).await
    }

    async fn start_member(
        &self,
        config: NetworkConfig,
        versions: Versions,
    ) -> anyhow::Result<Member> {
        let network_id = self.network_id.clone();
        let membership = Membership { keys: self.enrol(1)?, network_id, versions };
        let counting = Arc::new(Counting::default());
        let nothing: crate::runar::service::Handler =
            Arc::new(|_, _| Box::pin(async { Ok(ArcValue::null()) }));
        let service = ServiceEntry {
            name: "here".to_owned(),
            path: "here".to_owned(),
            version: "1.0.0".to_owned(),
            description: String::new(),
            actions: ["echo", "wait"].map(|name| (name.to_owned(), nothing.clone())).into(),
        };
        let transport = Transport::start(
            membership,
            config,
            Logger::new_root(Component::Node, "adversarial"),
            vec![service.metadata(self.network_id.clone())],
            Vec::new(),
            Box::new(Here(counting.clone())),
        )
        .await?;
        Ok(Member { transport, counting })
    }
}

impl Member {
    pub async fn connect(&self, other: &Member) -> Result<()> {
        self.connect_at(other, other.transport.addresses()).await
    }

    pub async fn connect_at(&self, other: &Member, addresses: Vec<String>) -> Result<()> {
        self.transport.connect(&other.transport.public_key, addresses, WAIT).await.map(drop)
    }

    /// Connects again.
    pub async fn reconnect(&self, other: &Member) -> anyhow::Result<Connection> {
        let id = &other.transport.own_id;
        let mut changes = self.transport.peers.watch();
        self.transport.disconnect(id);
        while self.transport.peers.is_connected(id) {
            timeout(WAIT, changes.changed()).await??;
        }
        self.connect(other).await?;
        self.connection(other)
    }

    /// The connection to another node, to be used beside its session.
    pub fn connection(&self, other: &Member) -> anyhow::Result<Connection> {
        let links = self.transport.peers.all_links(&other.transport.own_id);
        Ok(links.first().context("a link")?.connection.clone())
    }

    /// The connection to another node, made anew when an attack has closed it.
    pub async fn open_connection(&self, other: &Member) -> anyhow::Result<Connection> {
        match self.connection(other) {
            Ok(connection) if connection.close_reason().is_none() => Ok(connection),
            _ => self.reconnect(other).await,
        }
    }

    /// Calls another node by the protocol.
    pub fn call(
        &self,
        other: &Member,
        path: &str,
        payload: &[u8],
    ) -> anyhow::Result<(Arc<OutboundCall>, oneshot::Receiver<CallResult>)> {
        let route = self.transport.route_to_peer(&other.transport.own_id, path)?;
        let metadata = CallMetadata { timeout_ms: 10_000, ..CallMetadata::default() };
        let (sender, result) = oneshot::channel();
        let call = route.call(&metadata, payload, move |result| {
            let _ = sender.send(result);
        });
        Ok((call, result))
    }

    /// Calls another node, which echoes the payload.
    pub async fn echo(&self, other: &Member) -> anyhow::Result<()> {
        let payload = rand::random::<[u8; 32]>();
        let (_call, result) = self.call(other, "here/echo", &payload)?;
        match timeout(WAIT, result).await?? {
            CallResult::Reply(bytes, _) => assert_eq!(bytes, payload),
            _ => anyhow::bail!("an honest call has failed"),
        }
        Ok(())
    }
}

/// Locked by tests that measure the memory of the process, while no other test runs nodes.
static ALONE: RwLock<()> = RwLock::new(());

pub fn run(attack: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    // A test that panicked while holding it has failed by itself.
    let _shared = ALONE.read().unwrap_or_else(PoisonError::into_inner);
    runtime::handle()?.block_on(attack)
}

#[cfg(test)]
pub fn run_alone(attack: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let _alone = ALONE.write().unwrap_or_else(PoisonError::into_inner);
    runtime::handle()?.block_on(attack)
}

/// A victim and an honest peer, and the authority of their network.
pub async fn two() -> anyhow::Result<(Authority, Member, Member)> {
    let authority = Authority::new()?;
    let (victim, honest) = (authority.member().await?, authority.member().await?);
    honest.connect(&victim).await?;
    Ok((authority, victim, honest))
}

/// A victim, an honest peer and a hostile one, all members of one network.
pub async fn three() -> anyhow::Result<(Member, Member, Member)> {
    let (authority, victim, honest) = two().await?;
    let hostile = authority.member().await?;
    hostile.connect(&victim).await?;
    honest.echo(&victim).await?;
    Ok((victim, honest, hostile))
}

pub async fn closed(connection: &Connection) -> anyhow::Result<String> {
    Ok(timeout(WAIT, connection.closed()).await?.to_string())
}

/// Sends a stream, and waits until the other side has read or stopped it.
pub async fn send(connection: &Connection, bytes: &[u8]) -> anyhow::Result<()> {
    let mut stream = connection.open_uni().await?;
    stream.write_all(bytes).await?;
    stream.finish()?;
    // However it ends.
    let _ = timeout(WAIT, stream.stopped()).await?;
    Ok(())
}
