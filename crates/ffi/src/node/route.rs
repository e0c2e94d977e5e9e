//! The route of an action: from its path to the handler that has it now.

use std::sync::{Arc, PoisonError, RwLock};

use crate::call::{current_call, CallKind};
use crate::error::{Code, Error, Result};
use crate::isolate::invocation::{Invocation, Reply};
use crate::isolate::Isolate;
use crate::peer_call::{refuse, respond_later, Caller, CancelOnDrop, Payload, ResponseCallback};
use crate::runar::adapter::Core;
use crate::runar::service::Handler;
use crate::value::{self, ArcValue, HandleTable};

/// The handler of an action.
#[derive(Clone)]
pub enum Target {
    JavaScript { isolate: Arc<Isolate>, node: u32, action: u32 },
    Rust(Handler),
}

/// The path of an action. It outlives its service: the core keeps the first handler of a path for
/// good, so a service that is removed and added again reaches its new handlers through the same
/// route.
pub struct Route {
    path: String,
    /// `None` while no service has the action.
    target: RwLock<Option<Target>>,
}

impl Route {
    pub fn new(path: String) -> Self {
        Self { path, target: RwLock::new(None) }
    }

    pub fn set_target(&self, target: Option<Target>) {
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
        let handles = &isolate.handles;
        let payload = payload.unwrap_or_else(ArcValue::null);
        let bytes = if opaque {
            payload.as_bytes_ref()?
        } else {
            Arc::new(value::from_core(&payload, Some(handles))?)
        };
        let call = caller.map_or(0, |call| call.call);
        let invocation = Invocation { node, action, call, topic, payload: &bytes, caller: None };
        let reply = isolate.invoke(&invocation).await??;
        Ok(match reply {
            Payload::Binary(bytes) if opaque => ArcValue::new_bytes(bytes),
            Payload::Value(value) if opaque => {
                ArcValue::new_bytes(value::from_core(&value, Some(handles))?)
            }
            reply => reply.into_core(handles)?,
        })
    }

    /// Whether the action has a handler now.
    pub fn has_handler(&self) -> bool {
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
        payload: Payload,
        respond: ResponseCallback,
    ) -> CancelOnDrop {
        let target = match self.target() {
            Ok(target) => target,
            Err(error) => return refuse(error, respond),
        };
        if let Target::JavaScript { isolate, node, action } = target {
            return serve_javascript(&isolate, (node, action), caller, &topic, payload, respond);
        }
        let is_binary = matches!(payload, Payload::Binary(_));
        let response = async move {
            let value = payload.into_core(&HandleTable::default())?;
            // On a task of its own: a Rust handler may not tolerate being dropped.
            let call = async move { core.request_local(topic, Some(value)).await };
            portable(tokio::spawn(call).await??, is_binary)
        };
        respond_later(response, respond)
    }
}

/// Calls a JavaScript handler for a peer, see `Inbound`, or without one for this process.
pub fn serve_javascript(
    isolate: &Arc<Isolate>,
    (node, action): (u32, u32),
    caller: Option<&Caller>,
    topic: &str,
    payload: Payload,
    respond: ResponseCallback,
) -> CancelOnDrop {
    let is_binary = matches!(payload, Payload::Binary(_));
    let bytes = match payload {
        Payload::Binary(bytes) => {
            value::from_peer(&bytes, &isolate.handles).map_err(|error| error.at(topic))
        }
        Payload::Value(value) => value::from_core(&value, Some(&isolate.handles)),
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => return refuse(error, respond),
    };
    let invocation = Invocation { node, action, call: 0, topic, payload: &bytes, caller };
    let (here, there) = (isolate.clone(), isolate.clone());
    let number = isolate.start(&invocation, move |reply| {
        respond(reply_to_peer(reply, &here.handles, is_binary));
    });
    CancelOnDrop::new(move || there.abort(number))
}

fn reply_to_peer(
    reply: Result<Reply>,
    handles: &HandleTable,
    is_binary: bool,
) -> anyhow::Result<Payload> {
    match reply?? {
        Payload::Binary(bytes) if is_binary => {
            Ok(Payload::Binary(value::to_peer(&bytes, handles)?))
        }
        reply => portable(reply.into_core(handles)?, is_binary),
    }
}

fn portable(value: ArcValue, is_binary: bool) -> anyhow::Result<Payload> {
    if !is_binary {
        return Ok(Payload::Value(value));
    }
    Ok(Payload::Binary(value::from_core(&value, None)?))
}
