//! A started node of the core, and the services that it knows.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

use runar_common::logging::{Component, Logger};
use runar_node::services::service_registry::EventHandler;
use runar_node::services::{LifecycleContext, NodeDelegate};
use runar_node::{Node, TopicPath};

use super::errors::not_started;
use super::service::{register, ServiceEntry, UpstreamService};
use super::subscriptions::EventSink;
use super::topic::path_of;
use crate::error::{Code, Error, Result};
use crate::peer_call::Payload;
use crate::value::ArcValue;

pub struct Running {
    pub node: Node,
    pub network_id: String,
    /// The name of the node in log records.
    pub label: String,
    /// The paths of the services that the core knows, with their actions.
    pub known: Vec<(String, Vec<String>)>,
}

impl Running {
    pub async fn subscribe(&self, topic: &str, sink: EventSink) -> Result<()> {
        let handler: EventHandler = Arc::new(move |context, value| {
            // A subscriber's panic would reach the publisher.
            let value = Payload::Value(value.unwrap_or_else(ArcValue::null));
            let topic = path_of(&context.topic_path);
            let delivered = catch_unwind(AssertUnwindSafe(|| sink(topic, &value)));
            let delivered = delivered.unwrap_or_else(|payload| Err(Error::from_panic(payload)));
            Box::pin(std::future::ready(delivered.map_err(anyhow::Error::from)))
        });
        NodeDelegate::subscribe(&self.node, topic, handler, None)
            .await
            .map(drop)
            .map_err(not_started)
    }

    pub async fn add(&mut self, service: ServiceEntry, is_readded: bool) -> Result<()> {
        let known = self.known.iter_mut().find(|(path, _)| *path == service.path);
        let Some((path, actions)) = known else {
            let actions = service.actions.iter().map(|(name, _)| name.clone()).collect();
            self.known.push((service.path.clone(), actions));
            return self.node.add_service(UpstreamService(service)).await.map_err(not_started);
        };
        // A path that was removed and is added again: the first registration of an action stays in
        // the core for good, and its handler finds the new service by itself.
        let context = lifecycle_context(&self.node, &self.network_id, path, &self.label)
            .map_err(not_started)?;
        for (name, handler) in service.actions {
            if !actions.contains(&name) {
                register(&context, &name, handler).await.map_err(not_started)?;
                actions.push(name);
            }
        }
        if !is_readded {
            return Ok(());
        }
        self.node
            .local_request(format!("$registry/services/{path}/resume"), None)
            .await
            .map(drop)
            .map_err(not_started)
    }
}

impl Running {
    pub fn context(&self, path: &str) -> Result<LifecycleContext> {
        lifecycle_context(&self.node, &self.network_id, path, &self.label).map_err(not_started)
    }

    pub async fn begin(&self) -> Result<()> {
        self.node.start().await.map_err(not_started)?;
        self.node.wait_for_services_to_start().await.map_err(not_started)
    }

    pub async fn end(mut self) -> Result<()> {
        self.node.stop().await.map_err(|error| Error::new(Code::StopFailed, format!("{error:#}")))
    }
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
