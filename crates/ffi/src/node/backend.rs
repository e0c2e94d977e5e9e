//! A node as its gateways call it.

use std::sync::Arc;

use super::route::{serve_javascript, Route};
use super::AUTHENTICATE;
use crate::gateway::endpoint::{Answered, Endpoint};
use crate::isolate::Isolate;
use crate::peer_call::{self, Begun, Carried};
use crate::runar::adapter::Core;
use crate::runar::errors::told;
use crate::value;

struct Action {
    core: Arc<Core>,
    route: Arc<Route>,
}

/// What calls an action of the node.
pub fn action(core: &Arc<Core>, route: &Arc<Route>) -> Arc<dyn Endpoint> {
    Arc::new(Action { core: core.clone(), route: route.clone() })
}

impl Endpoint for Action {
    fn call(&self, path: String, payload: Vec<u8>, answered: Answered) -> Begun {
        let payload = Carried::Binary(payload);
        self.route.serve(self.core.clone(), None, path, payload, in_binary(answered))
    }
}

struct Authenticate {
    isolate: Arc<Isolate>,
    node: u32,
}

/// What asks JavaScript whether a gateway may answer a request.
pub fn authenticate(isolate: &Arc<Isolate>, node: u32) -> Arc<dyn Endpoint> {
    Arc::new(Authenticate { isolate: isolate.clone(), node })
}

impl Endpoint for Authenticate {
    fn call(&self, gateway: String, request: Vec<u8>, answered: Answered) -> Begun {
        let action = (self.node, AUTHENTICATE);
        let payload = Carried::Binary(request);
        serve_javascript(&self.isolate, action, None, &gateway, payload, in_binary(answered))
    }
}

fn in_binary(answered: Answered) -> peer_call::Answered {
    Box::new(move |answer| {
        answered(match answer {
            Ok(Carried::Binary(bytes)) => Ok(bytes),
            Ok(Carried::Value(value)) => value::from_core(&value, None),
            Err(error) => Err(told(error)),
        });
    })
}
