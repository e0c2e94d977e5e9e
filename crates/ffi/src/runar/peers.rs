//! A node of the core among its peers: its transport, what it offers, and what it calls.

use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::future::BoxFuture;
use runar_common::logging::{Component, Logger};
use runar_keys::node::NodeKeyManagerState;
use runar_keys::NodeKeyManager;

use super::adapter::Core;
use super::network::call::PeerRoute;
use super::network::delegate::NetworkDelegate;
use super::network::membership::Membership;
use super::network::session::version::Versions;
use super::network::Transport;
use super::remote_actions::RemoteCall;
use super::service::ServiceEntry;
use crate::error::{Code, Error, Result};
use crate::peer_call::{refuse, Caller, CancelOnDrop, Payload, ResponseCallback};
use crate::sync::lock;

impl Core {
    /// Starts the transport, if the config has a network. Returns the addresses of the node.
    pub(super) async fn join_network(self: &Arc<Self>) -> Result<Vec<String>> {
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
        let membership = Membership {
            keys: Arc::new(keys),
            network_id: self.network_id(identity),
            versions: Versions::OWN,
        };
        let transport = Transport::start(
            membership,
            config.clone(),
            logger.with_component(Component::NetworkDiscovery),
            self.offers.services(),
            self.offers.topics(),
            Box::new(CoreDelegate(Arc::downgrade(self))),
        )
        .await?;
        let addresses = transport.addresses();
        *lock(&self.transport) = Some(transport);
        // The offers may have changed meanwhile.
        self.update_peers();
        Ok(addresses)
    }

    fn transport(&self) -> Result<Arc<Transport>> {
        lock(&self.transport).clone().ok_or_else(|| {
            Error::new(Code::InvalidArgument, "the node has no network: give it a network_config")
        })
    }

    /// Offers a service to peers, or withdraws it.
    pub fn offer(&self, service: &ServiceEntry, offered: bool) -> Result<()> {
        let network_id = self.network_id(self.identity()?);
        match offered {
            true => self.offers.add_service(service.metadata(network_id)),
            false => self.offers.remove_service(&service.path),
        }
        self.update_peers();
        Ok(())
    }

    /// Subscribes to a topic or pattern of peers, or ends that.
    pub fn listen(&self, topic: &str, listening: bool) {
        if self.offers.set_topic(topic, listening) {
            self.update_peers();
        }
    }

    fn update_peers(&self) {
        if let Some(transport) = &*lock(&self.transport) {
            transport.describe(self.offers.services(), self.offers.topics());
        }
    }

    /// Connects to a peer, within a time. Returns its id.
    pub async fn connect(
        &self,
        public_key: &[u8],
        addresses: Vec<String>,
        timeout: Duration,
    ) -> Result<String> {
        self.transport()?.connect(public_key, addresses, timeout).await
    }

    pub fn disconnect(&self, peer: &str) {
        if let Some(transport) = &*lock(&self.transport) {
            transport.disconnect(peer);
        }
    }

    async fn add_remote_actions(self: &Arc<Self>, paths: Vec<String>) {
        let Some(node) = self.caller() else {
            return;
        };
        let core = Arc::downgrade(self);
        let call: RemoteCall = Arc::new(move |topic, payload| {
            let core = core.clone();
            Box::pin(async move {
                let gone = || Error::new(Code::Stopped, "The node has stopped");
                let core = core.upgrade().ok_or_else(gone)?;
                core.transport()?.request(&topic, payload).await
            })
        });
        self.remote_actions.register(&node, paths, &call).await;
    }

    /// The route to an action of peers; `None` without a network.
    pub fn route_to_any_peer(&self, path: &str) -> Option<PeerRoute> {
        let transport = lock(&self.transport).clone()?;
        Some(transport.route_to_any_peer(path))
    }

    /// The route to an action of a certain node of this SDK.
    pub fn route_to_peer(&self, peer: &str, path: &str) -> Result<PeerRoute> {
        self.transport()?.route_to_peer(peer, path)
    }
}

/// The node as its transport sees it.
struct CoreDelegate(Weak<Core>);

impl NetworkDelegate for CoreDelegate {
    fn serve(
        &self,
        caller: Caller,
        path: String,
        payload: Payload,
        respond: ResponseCallback,
    ) -> CancelOnDrop {
        match self.0.upgrade() {
            Some(core) => core.inbound.serve(caller, path, payload, respond),
            None => refuse(Error::new(Code::Stopped, "The node has stopped"), respond),
        }
    }

    fn capacity(&self) -> BoxFuture<'static, ()> {
        match self.0.upgrade() {
            Some(core) => core.inbound.capacity(),
            None => Box::pin(std::future::ready(())),
        }
    }

    fn deliver(&self, topic: &str, value: &Payload, exactly: bool) -> Result<()> {
        let core = self.0.upgrade();
        core.map_or(Ok(()), |core| core.subscriptions.deliver(topic, value, exactly))
    }

    fn add_remote_actions(&self, paths: Vec<String>) -> BoxFuture<'static, ()> {
        let core = self.0.upgrade();
        Box::pin(async move {
            if let Some(core) = core {
                core.add_remote_actions(paths).await;
            }
        })
    }

    fn peer_changed(&self, change: String) {
        if let Some(core) = self.0.upgrade() {
            core.inbound.peer_changed(change);
        }
    }
}
