//! JavaScript services as the core sees them: a route for each action, which finds the handler
//! that has it now.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use serde::Deserialize;
use serde_json::Value;

use crate::core::{ArcValue, Handler};
use crate::crossing::{current_call, Isolate, Outcome, Reply};
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

    pub fn path(&self) -> &str {
        &self.path
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
        let opaque = caller.is_some_and(|call| call.opaque);
        let mut bytes = Vec::new();
        match payload {
            Some(payload) if opaque => bytes.extend_from_slice(&*payload.as_bytes_ref()?),
            Some(payload) => value::from_core(&payload, &mut bytes)?,
            None => value::from_core(&ArcValue::null(), &mut bytes)?,
        }
        let call = caller.map_or(0, |call| call.call);
        let (invocation, reply) =
            target.isolate.invoke(target.node, target.action, call, topic, &bytes).await?;
        answer(&target.isolate, invocation, call, reply, opaque)
    }
}

fn answer(
    isolate: &Arc<Isolate>,
    invocation: u32,
    call: u32,
    reply: Reply,
    opaque: bool,
) -> anyhow::Result<ArcValue> {
    match reply {
        Ok(bytes) if opaque => Ok(ArcValue::new_bytes(bytes)),
        Ok(bytes) => Ok(value::to_core(&bytes)?.unwrap_or_else(ArcValue::null)),
        Err(record) => {
            let kept = (call != 0).then(|| (isolate.clone(), invocation));
            Err(JsFailure { record, kept }.into())
        }
    }
}

/// The failure of a JavaScript handler on its way through the core. The isolate keeps the error
/// object itself while a call of its own is behind the handler, so that its caller gets that very
/// object; anybody else gets the record.
pub struct JsFailure {
    /// JSON, as `Error::to_json` has it and with the cause and the stack beside.
    record: String,
    kept: Option<(Arc<Isolate>, u32)>,
}

impl JsFailure {
    pub fn outcome_for(mut self, isolate: u32) -> Outcome {
        match self.kept.take_if(|(keeper, _)| keeper.id == isolate) {
            Some((_, invocation)) => Outcome::Failure(invocation),
            None => Outcome::Error(std::mem::take(&mut self.record)),
        }
    }
}

impl Drop for JsFailure {
    fn drop(&mut self) {
        if let Some((isolate, invocation)) = self.kept.take() {
            isolate.forget_failure(invocation);
        }
    }
}

impl fmt::Display for JsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let record: Value = serde_json::from_str(&self.record).unwrap_or_default();
        f.write_str(record["message"].as_str().unwrap_or(&self.record))
    }
}

impl fmt::Debug for JsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsFailure").field(&self.record).finish()
    }
}

impl std::error::Error for JsFailure {}
