//! Starting and stopping the transport.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use anyhow::Context;
use futures_util::future::join_all;
use quinn::VarInt;
use runar_common::compact_ids::compact_id;
use runar_common::logging::Logger;
use runar_schemas::ServiceMetadata;
use serde_json::json;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::accept::MAX_PENDING_HANDSHAKES;
use super::cipher::PayloadCipher;
use super::core_peer::response_cache::ResponseCache;
use super::delegate::NetworkDelegate;
use super::dial::MAX_DIAL_BACKS;
use super::membership::{Description, Membership};
use super::peers::Peers;
use super::pending_replies::PendingReplies;
use super::{addresses, socket, tls, Transport};
use crate::config::NetworkConfig;
use crate::error::{Code, Error, Result};
use crate::sync::lock;

/// How long a stop waits for replies and events to reach their peers.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(1);

impl Transport {
    /// Opens the port and begins to look for peers.
    pub async fn start(
        membership: Membership,
        config: NetworkConfig,
        logger: Logger,
        services: Vec<ServiceMetadata>,
        subscriptions: Vec<String>,
        delegate: Box<dyn NetworkDelegate>,
    ) -> Result<Arc<Self>> {
        let Membership { keys, network_id, versions } = membership;
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
        let transport = Arc::new(Self {
            own_id: compact_id(&public_key),
            public_key,
            cipher: PayloadCipher::new(keys, network_id.clone()),
            network_id,
            versions,
            logger,
            endpoint,
            addresses: addresses::reachable(bound),
            delegate,
            peers: Peers::default(),
            dials: Mutex::default(),
            disconnected: Mutex::default(),
            response_cache: ResponseCache::default(),
            discovery: OnceLock::new(),
            description: Mutex::new(Description::new(services, subscriptions)),
            description_changed: Notify::new(),
            handshake_permits: Arc::new(Semaphore::new(MAX_PENDING_HANDSHAKES)),
            dial_back_permits: Arc::new(Semaphore::new(MAX_DIAL_BACKS)),
            pending_replies: PendingReplies::default(),
            last_warning: Mutex::default(),
            tasks: Mutex::new(Some(JoinSet::new())),
            config,
        });
        if let Err(error) = transport.start_dialing(bound) {
            transport.stop().await;
            return Err(error);
        }
        let accepting = transport.clone();
        transport.spawn(async move { accepting.accept().await });
        let updating = transport.clone();
        transport.spawn(async move { updating.send_node_updates().await });
        transport.warn_of_exposure(bound);
        Ok(transport)
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

    /// Says goodbye and closes everything. Calls that peers have not answered fail.
    pub async fn stop(&self) {
        if let Some(discovery) = self.discovery.get() {
            discovery.say_goodbye().await;
        }
        let tasks = lock(&self.tasks).take();
        if let Some(mut tasks) = tasks {
            tasks.shutdown().await;
        }
        let links = self.peers.links();
        let flushed = async {
            // Replies first: after a flush nothing more can be sent.
            let _ = timeout(SHUTDOWN_GRACE / 2, self.pending_replies.none()).await;
            join_all(links.iter().map(|link| link.flush())).await;
        };
        // A peer that has not taken everything by now has had its time.
        let _ = timeout(SHUTDOWN_GRACE, flushed).await;
        self.endpoint.close(VarInt::from_u32(0), b"shutdown");
        // Peers that do not receive the close notice the silence.
        let _ = timeout(Duration::from_millis(500), self.endpoint.wait_idle()).await;
        // Connections that are not over yet would keep the port for seconds.
        let free = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0));
        if let Err(error) = free.and_then(|socket| self.endpoint.rebind(socket)) {
            self.logger.warn(format!("the port is given back only later: {error}"));
        }
    }
}
