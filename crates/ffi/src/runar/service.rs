//! A service as the core sees it.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::FutureExt;
use runar_node::services::LifecycleContext;
use runar_node::{AbstractService, RequestContext};
use runar_schemas::{ActionMetadata, ServiceMetadata};

use super::topic::path_of;
use crate::error::Error;
use crate::value::ArcValue;

pub type HandlerFuture = Pin<Box<dyn Future<Output = anyhow::Result<ArcValue>> + Send>>;

/// The handler of an action; it gets the payload and the path of the call.
pub type Handler = Arc<dyn Fn(Option<ArcValue>, String) -> HandlerFuture + Send + Sync>;

/// A service as the core sees it.
#[derive(Clone)]
pub struct ServiceEntry {
    pub name: String,
    pub path: String,
    pub version: String,
    pub description: String,
    pub actions: Vec<(String, Handler)>,
}

impl ServiceEntry {
    pub fn metadata(&self, network_id: String) -> ServiceMetadata {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let action = |(name, _): &(String, Handler)| ActionMetadata {
            name: name.clone(),
            description: String::new(),
            input_schema: None,
            output_schema: None,
        };
        ServiceMetadata {
            network_id,
            service_path: self.path.clone(),
            name: self.name.clone(),
            version: self.version.clone(),
            description: self.description.clone(),
            actions: self.actions.iter().map(action).collect(),
            registration_time: now,
            last_start_time: Some(now),
        }
    }
}

pub async fn register(
    context: &LifecycleContext,
    name: &str,
    handler: Handler,
) -> anyhow::Result<()> {
    context
        .register_action(
            name,
            Arc::new(move |payload, context: RequestContext| {
                let response = handler(payload, path_of(&context.topic_path).to_owned());
                // A panic would unwind into the caller's task and end the connection to a peer.
                Box::pin(async move {
                    AssertUnwindSafe(response)
                        .catch_unwind()
                        .await
                        .unwrap_or_else(|payload| Err(Error::from_panic(payload).into()))
                })
            }),
        )
        .await
}

pub struct UpstreamService(pub ServiceEntry);

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
