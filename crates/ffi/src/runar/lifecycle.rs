//! Starting and stopping a node of the core.

use std::sync::Arc;

use runar_node::{Node, NodeConfig};

use super::adapter::Core;
use super::errors::not_started;
use super::running::Running;
use super::service::ServiceEntry;
use crate::error::{Code, Error, Result};
use crate::identity::Identity;
use crate::sync::lock;

impl Core {
    /// The config of a local node: the transport is not the core's.
    fn node_config(&self, identity: &Identity) -> NodeConfig {
        NodeConfig::new(self.label.clone(), self.network_id(identity))
            .with_additional_networks(self.config.network_ids.clone())
            .with_key_manager_state(identity.key_state.clone())
    }

    /// Builds and starts a node with these services. Returns its id and its addresses.
    pub async fn start(
        self: &Arc<Self>,
        services: Vec<ServiceEntry>,
    ) -> Result<(String, Vec<String>)> {
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
        for (topic, sink) in self.subscriptions.all() {
            started.subscribe(&topic, sink).await?;
        }
        started.node.start().await.map_err(not_started)?;
        started.node.wait_for_services_to_start().await.map_err(not_started)?;
        let id = started.node.node_id().to_owned();
        *lock(&self.caller) = Some(Arc::new(started.node.clone()));
        *running = Some(started);
        drop(running);
        match self.join_network().await {
            Ok(addresses) => Ok((id, addresses)),
            Err(error) => {
                self.stop().await?;
                Err(error)
            }
        }
    }

    /// Stops the node, which must happen before it is dropped: one that is not stopped keeps its
    /// port and its tasks.
    pub async fn stop(&self) -> Result<()> {
        let mut running = self.lifecycle.lock().await;
        let transport = lock(&self.transport).take();
        if let Some(transport) = transport {
            transport.stop().await;
        }
        lock(&self.caller).take();
        lock(&self.removed).clear();
        self.remote_actions.clear();
        self.offers.clear_services();
        let Some(mut stopped) = running.take() else {
            return Ok(());
        };
        stopped.node.stop().await.map_err(|error| {
            Error::new(Code::StopFailed, format!("The core could not stop the node: {error:#}"))
        })
    }
}
