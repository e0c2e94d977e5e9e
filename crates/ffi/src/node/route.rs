//! The services that JavaScript hosts as the core sees them: a route for each action, which finds
//! the handler that has it now.

use std::sync::{Arc, PoisonError, RwLock};

use serde::Deserialize;

use crate::call::{current_call, CallKind};
use crate::error::{Code, Error, Result};
use crate::isolate::{Invocation, Isolate, Reply};
use crate::peer_call::{answer_later, refuse, Answered, Begun, Caller, Carried};
use crate::runar::adapter::Core;
use crate::runar::service::Handler;
use crate::runar::services::RustServiceConfig;
use crate::value::{self, ArcValue, Held};

/// A service as JavaScript describes it; the definition was checked there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    pub name: String,
    pub path: String,
    pub version: String,
    pub description: String,
    pub actions: Vec<String>,
    /// For a service whose actions are written in Rust; `actions` is empty then.
    pub rust: Option<RustServiceConfig>,
}

/// Where the handler of an action lives.
#[derive(Clone)]
pub enum Target {
    JavaScript { isolate: Arc<Isolate>, node: u32, action: u32 },
    Rust(Handler),
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
        let (isolate, node, action) = match self.target()? {
            Target::JavaScript { isolate, node, action } => (isolate, node, action),
            Target::Rust(handler) => return handler(payload, topic.to_owned()).await,
        };
        let caller = current_call().filter(|call| call.isolate == isolate.id);
        let opaque = caller.is_some_and(|call| call.kind == CallKind::Opaque);
        let held = &isolate.held;
        let payload = payload.unwrap_or_else(ArcValue::null);
        let bytes = if opaque {
            payload.as_bytes_ref()?
        } else {
            Arc::new(value::from_core(&payload, Some(held))?)
        };
        let call = caller.map_or(0, |call| call.call);
        let handler = Invocation { node, action, call, topic, payload: &bytes, caller: None };
        let reply = isolate.invoke(handler).await??;
        Ok(match reply {
            Carried::Binary(bytes) if opaque => ArcValue::new_bytes(bytes),
            Carried::Value(value) if opaque => {
                ArcValue::new_bytes(value::from_core(&value, Some(held))?)
            }
            reply => reply.into_core(held)?,
        })
    }

    /// Whether there is a handler now.
    pub fn is_live(&self) -> bool {
        self.target.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    pub fn is_rust(&self) -> bool {
        let target = self.target.read().unwrap_or_else(PoisonError::into_inner);
        matches!(*target, Some(Target::Rust(_)))
    }

    /// Calls the handler for a peer, see `Inbound`, or without one for this process.
    pub fn serve(
        &self,
        core: Arc<Core>,
        caller: Option<&Caller>,
        topic: String,
        payload: Carried,
        answered: Answered,
    ) -> Begun {
        let target = match self.target() {
            Ok(target) => target,
            Err(error) => return refuse(error, answered),
        };
        if let Target::JavaScript { isolate, node, action } = target {
            return serve_javascript(&isolate, (node, action), caller, &topic, payload, answered);
        }
        let is_binary = matches!(payload, Carried::Binary(_));
        let answer = async move {
            let value = payload.into_core(&Held::default())?;
            // On a task of its own: what works for Rust may not like to be dropped.
            let call = async move { core.request_local(topic, Some(value)).await };
            portable(tokio::spawn(call).await??, is_binary)
        };
        answer_later(answer, answered)
    }
}

/// Calls a JavaScript handler for a peer, see `Inbound`, or without one for this process.
pub fn serve_javascript(
    isolate: &Arc<Isolate>,
    (node, action): (u32, u32),
    caller: Option<&Caller>,
    topic: &str,
    payload: Carried,
    answered: Answered,
) -> Begun {
    let is_binary = matches!(payload, Carried::Binary(_));
    let bytes = match payload {
        Carried::Binary(bytes) => {
            value::from_peer(&bytes, &isolate.held).map_err(|error| error.at(topic))
        }
        Carried::Value(value) => value::from_core(&value, Some(&isolate.held)),
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => return refuse(error, answered),
    };
    let handler = Invocation { node, action, call: 0, topic, payload: &bytes, caller };
    let (here, there) = (isolate.clone(), isolate.clone());
    let invocation = isolate.begin(handler, move |reply| {
        answered(reply_to_peer(reply, &here.held, is_binary));
    });
    Begun::new(move || there.give_up(invocation))
}

fn reply_to_peer(reply: Result<Reply>, held: &Held, is_binary: bool) -> anyhow::Result<Carried> {
    match reply?? {
        Carried::Binary(bytes) if is_binary => Ok(Carried::Binary(value::to_peer(&bytes, held)?)),
        reply => portable(reply.into_core(held)?, is_binary),
    }
}

fn portable(value: ArcValue, is_binary: bool) -> anyhow::Result<Carried> {
    if !is_binary {
        return Ok(Carried::Value(value));
    }
    Ok(Carried::Binary(value::from_core(&value, None)?))
}
