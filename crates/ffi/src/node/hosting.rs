//! The services of a node: adding, starting, stopping and removing them.

use std::sync::atomic::Ordering;
use std::sync::Arc;

use super::route::Target;
use super::service::{Service, ServiceDefinition};
use super::{backend, written, Node};
use crate::config::LevelFilter;
use crate::error::{Code, Error, Result};
use crate::gateway::endpoint::Backend;
use crate::logs;
use crate::runar::services::{RustService, RustServiceConfig};
use crate::sync::lock;
use crate::value::ArcValue;

impl Node {
    /// Announces to peers whether a service of this node may be called.
    pub fn offer(&self, path: &str, offered: bool) -> Result<()> {
        let entry = lock(&self.services)
            .iter()
            .find(|service| service.definition.path == path)
            .map(Service::entry);
        entry.map_or(Ok(()), |entry| self.core.offer(&entry, offered))
    }

    /// Adds a service and returns the number of its first action; the others follow it.
    pub fn add_service(self: &Arc<Self>, call: u32, definition: &str) -> Result<u32> {
        let mut definition: ServiceDefinition = serde_json::from_str(definition)
            .map_err(|error| Error::new(Code::ServiceDefinition, error.to_string()))?;
        let first = self.last_action.load(Ordering::Relaxed);
        let service = match definition.rust.take() {
            Some(config) => self.rust_service(definition, config)?,
            None => self.javascript_service(definition),
        };
        let entry = service.entry();
        lock(&self.services).push(service);
        let core = self.core.clone();
        self.settle_later(call, async move {
            core.add(entry).await?;
            written(ArcValue::null())
        })?;
        Ok(first)
    }

    pub fn remove_service(self: &Arc<Self>, call: u32, path: String) -> Result<()> {
        let mut services = lock(&self.services);
        if let Some(at) = services.iter().position(|service| service.definition.path == path) {
            for route in services.remove(at).routes {
                route.set_target(None);
            }
        }
        drop(services);
        let core = self.core.clone();
        self.settle_later(call, async move {
            core.remove(&path).await?;
            written(ArcValue::null())
        })
    }

    fn javascript_service(&self, definition: ServiceDefinition) -> Service {
        let count = definition.actions.len() as u32;
        let first = self.last_action.fetch_add(count, Ordering::Relaxed);
        let routes = definition.actions.iter().zip(first..).map(|(name, action)| {
            let isolate = self.isolate.clone();
            let target = Target::JavaScript { isolate, node: self.id, action };
            self.route(format!("{}/{name}", definition.path), target)
        });
        let routes = routes.collect();
        Service { definition, routes, rust: None }
    }

    fn rust_service(
        &self,
        mut definition: ServiceDefinition,
        config: RustServiceConfig,
    ) -> Result<Service> {
        let rust = RustService::new(config, |path| self.find_rust_service(path).ok())?;
        self.core.set_has_rust_subscribers();
        if let Some(component) = rust.repeats_errors_as() {
            if !self.core.has_level_for(component) {
                logs::set_level(self.id, LevelFilter::Off, Some(component.to_owned()));
            }
        }
        let (names, handlers): (Vec<_>, Vec<_>) = rust.actions().into_iter().unzip();
        let routes = names.iter().zip(handlers).map(|(name, handler)| {
            self.route(format!("{}/{name}", definition.path), Target::Rust(handler))
        });
        let routes = routes.collect();
        definition.actions = names;
        Ok(Service { definition, routes, rust: Some(rust) })
    }

    fn find_rust_service(&self, path: &str) -> Result<RustService> {
        lock(&self.services)
            .iter()
            .find(|service| service.definition.path == path)
            .and_then(|service| service.rust.clone())
            .ok_or_else(|| Error::new(Code::NotFound, format!("{path}: no such Rust service")))
    }

    /// Starts a service written in Rust, and settles with what JavaScript needs to know of it.
    pub fn start_rust_service(self: &Arc<Self>, call: u32, path: &str) -> Result<()> {
        let service = self.find_rust_service(path)?;
        let (core, path) = (self.core.clone(), path.to_owned());
        let services = lock(&self.services).iter().map(|one| one.reachable(&core)).collect();
        let authenticate = backend::authenticate(&self.isolate, self.id);
        let backend = Backend { services, authenticate };
        self.settle_later(call, async move { written(service.start(&core, &path, backend).await?) })
    }

    pub fn stop_rust_service(self: &Arc<Self>, call: u32, path: &str) -> Result<()> {
        let service = self.find_rust_service(path)?;
        self.settle_later(call, async move {
            service.stop().await?;
            written(ArcValue::null())
        })
    }
}
