//! The services in Rust that JavaScript hosts: those of `runar_services`, and the gateway.
//! JavaScript runs their hooks in order with those of its own services; the core, which swallows
//! failures of hooks, gets none. The file of each service repairs the other defects of its crate.

mod crud;
mod payload;
mod sql;
mod sql_values;
mod sqlite;

use std::sync::Arc;

use runar_common::logging::{Component, Logger};
use serde::Deserialize;

use super::adapter::Core;
use super::service::Handler;
use crate::error::{Code, Error, Result};
use crate::gateway::config::GatewayConfig;
use crate::gateway::endpoint::Backend;
use crate::gateway::service::Gateway;
use crate::value::ArcValue;

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum RustServiceConfig {
    Sqlite(sqlite::DatabaseConfig),
    Crud { store: String },
    Gateway(GatewayConfig),
}

#[derive(Clone)]
pub enum RustService {
    Sqlite(Arc<sqlite::Database>),
    Crud(Arc<crud::Crud>),
    Gateway(Arc<Gateway>),
}

impl RustService {
    /// Makes a service; `find` returns the service of a path.
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
            RustServiceConfig::Gateway(config) => Self::Gateway(Arc::new(Gateway::new(config))),
        })
    }

    /// The component whose log records repeat the errors that callers get.
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

    /// Starts the service at `path`. Returns what JavaScript needs to know of it while it runs.
    pub async fn start(&self, core: &Arc<Core>, path: &str, backend: Backend) -> Result<ArcValue> {
        match self {
            Self::Sqlite(database) => {
                let logger = Logger::new_root(Component::Database, core.label());
                database.start(Arc::new(logger)).await.map(|()| ArcValue::null())
            }
            Self::Crud(crud) => crud.start(core).await.map(|()| ArcValue::null()),
            Self::Gateway(gateway) => {
                let logger = Logger::new_root(Component::Service, core.label());
                let report = Box::new(move |text: &str| logger.error(text));
                let address = gateway.start(path, backend, report).await?;
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
            Self::Gateway(gateway) => {
                gateway.stop().await;
                Ok(())
            }
        }
    }
}
