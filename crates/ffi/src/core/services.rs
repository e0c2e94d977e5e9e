//! Services of `runar_services` and `runar_gateway` that JavaScript hosts. JavaScript runs their
//! hooks in order with those of its own services, so the core gets neither: it swallows the
//! failures of hooks. What else the crates get wrong is repaired in the file of each service.

mod crud;
mod gateway;
mod payload;
mod sql;
mod sql_values;
mod sqlite;

use std::sync::Arc;

use runar_common::logging::{Component, Logger};
use runar_node::services::LifecycleContext;
use runar_node::{Node, NodeConfig};
use serde::Deserialize;

use super::{lifecycle_context, not_started, ArcValue, Core, Handler, Reachable, Running};
use crate::error::{Code, Error, Result};

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum RustServiceConfig {
    Sqlite(sqlite::DatabaseConfig),
    Crud { store: String },
    Gateway(gateway::GatewayConfig),
}

#[derive(Clone)]
pub enum RustService {
    Sqlite(Arc<sqlite::Database>),
    Crud(Arc<crud::Crud>),
    Gateway(Arc<gateway::Gateway>),
}

impl RustService {
    /// `find` gives the service of a path.
    pub fn new(
        config: RustServiceConfig,
        find: impl FnOnce(&str) -> Option<RustService>,
    ) -> Result<Self> {
        Ok(match config {
            RustServiceConfig::Sqlite(config) => {
                Self::Sqlite(Arc::new(sqlite::Database::new(config)))
            }
            RustServiceConfig::Crud { store } => match find(&store) {
                Some(Self::Sqlite(database)) => Self::Crud(Arc::new(crud::Crud::new(database))),
                _ => {
                    return Err(Error::new(
                        Code::ServiceDefinition,
                        format!(
                            "crud.store: the node has no sqlite service {store:?}; add it first"
                        ),
                    ))
                }
            },
            RustServiceConfig::Gateway(config) => {
                Self::Gateway(Arc::new(gateway::Gateway::new(config)))
            }
        })
    }

    /// The component whose records say once more, as errors, what callers are told as errors.
    pub fn repeats_errors_as(&self) -> Option<&'static str> {
        matches!(self, Self::Sqlite(_)).then_some("Database")
    }

    pub fn actions(&self) -> Vec<(String, Handler)> {
        match self {
            Self::Sqlite(database) => database.actions(),
            Self::Crud(crud) => crud.actions(),
            Self::Gateway(_) => Vec::new(),
        }
    }

    /// Returns what JavaScript is to know of the service while it runs.
    pub async fn start(&self, core: &Arc<Core>, others: Vec<Reachable>) -> Result<ArcValue> {
        match self {
            Self::Sqlite(database) => {
                let logger = Logger::new_root(Component::Database, &core.label);
                database.start(Arc::new(logger)).await.map(|()| ArcValue::null())
            }
            Self::Crud(crud) => crud.start(core).await.map(|()| ArcValue::null()),
            Self::Gateway(gateway) => {
                let address = gateway.start(core, others).await?;
                Ok(ArcValue::new_primitive(address.to_string()))
            }
        }
    }

    pub async fn stop(&self) -> Result<()> {
        match self {
            Self::Sqlite(database) => {
                database.stop().await;
                Ok(())
            }
            Self::Crud(crud) => crud.stop().await,
            Self::Gateway(gateway) => gateway.stop().await,
        }
    }
}

impl Core {
    /// A node of the core beside this one, without a port, which nobody else can reach. What a
    /// service of the crates that runs there asks for, it asks of handlers that its owner chose.
    async fn private_node(&self) -> Result<Running> {
        let identity = self.identity()?;
        let network_id = identity.network_id.clone();
        let config = NodeConfig::new(self.label.clone(), network_id.clone())
            .with_key_manager_state(identity.key_state.clone());
        let node = Node::new(config).await.map_err(not_started)?;
        Ok(Running { node, network_id, label: self.label.clone(), known: Vec::new() })
    }
}

impl Running {
    fn context(&self, path: &str) -> Result<LifecycleContext> {
        lifecycle_context(&self.node, &self.network_id, path, &self.label).map_err(not_started)
    }

    async fn begin(&self) -> Result<()> {
        self.node.start().await.map_err(not_started)?;
        self.node.wait_for_services_to_start().await.map_err(not_started)
    }

    async fn end(mut self) -> Result<()> {
        self.node.stop().await.map_err(|error| Error::new(Code::StopFailed, format!("{error:#}")))
    }
}
