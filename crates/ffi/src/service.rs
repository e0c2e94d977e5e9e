//! JavaScript services as the core sees them: a route for each action, which finds the handler
//! that has it now.

use std::sync::{Arc, PoisonError, RwLock};

use serde::Deserialize;

use crate::call::{current_call, CallKind};
use crate::core::{ArcValue, Handler};
use crate::crossing::{Isolate, Returned};
use crate::error::{Code, Error, Result};
use crate::value;

/// A service as JavaScript describes it; the definition was checked there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    pub name: String,
    pub path: String,
    pub version: String,
    pub description: String,
    pub actions: Vec<String>,
}

/// Where the handler of an action lives.
#[derive(Clone)]
pub struct Target {
    pub isolate: Arc<Isolate>,
    pub node: u32,
    pub action: u32,
}

/// An action's path. It outlives its service: the core keeps the first handler of a path for good,
/// so a service that is removed and added again reaches its new handlers through the same route.
pub struct Route {
    path: String,
    target: RwLock<Option<Target>>,
}

impl Route {
    pub fn new(path: String) -> Self {
        Self { path, target: RwLock::new(None) }
    }

    pub fn lead_to(&self, target: Option<Target>) {
        *self.target.write().unwrap_or_else(PoisonError::into_inner) = target;
    }

    fn target(&self) -> Result<Target> {
        self.target.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(|| {
            Error::new(Code::NotFound, format!("{}: the service has been removed", self.path))
        })
    }

    pub fn handler(self: &Arc<Self>) -> Handler {
        let route = self.clone();
        Arc::new(move |payload, topic| {
            let route = route.clone();
            Box::pin(async move { route.call(payload, &topic).await })
        })
    }

    async fn call(&self, payload: Option<ArcValue>, topic: &str) -> anyhow::Result<ArcValue> {
        let target = self.target()?;
        let caller = current_call().filter(|call| call.isolate == target.isolate.id);
        let opaque = caller.is_some_and(|call| call.kind == CallKind::Opaque);
        let payload = payload.unwrap_or_else(ArcValue::null);
        let bytes = if opaque {
            payload.as_bytes_ref()?
        } else {
            let mut bytes = Vec::new();
            value::from_core(&payload, &mut bytes, Some(&target.isolate.held))?;
            Arc::new(bytes)
        };
        let call = caller.map_or(0, |call| call.call);
        let reply =
            target.isolate.invoke(target.node, target.action, call, topic, &bytes).await??;
        let held = &target.isolate.held;
        Ok(match reply {
            Returned::Bytes(bytes) if opaque => ArcValue::new_bytes(bytes),
            Returned::Bytes(bytes) => value::to_core(&bytes, held)?.unwrap_or_else(ArcValue::null),
            Returned::Value(value) if opaque => {
                let mut bytes = Vec::new();
                value::from_core(&value, &mut bytes, Some(held))?;
                ArcValue::new_bytes(bytes)
            }
            Returned::Value(value) => value,
        })
    }
}
