//! A node as its gateways call it.

use std::sync::Arc;

use super::route::{serve_javascript, Route};
use crate::gateway::endpoint::{Endpoint, ResponseCallback};
use crate::isolate::Isolate;
use crate::peer_call::{self, CancelOnDrop, Payload};
use crate::protocol::reserved_action;
use crate::runar::adapter::Core;
use crate::runar::errors::to_public_error;
use crate::value;

struct Action {
    core: Arc<Core>,
    route: Arc<Route>,
}

/// The endpoint of an action of the node.
pub fn action(core: &Arc<Core>, route: &Arc<Route>) -> Arc<dyn Endpoint> {
    Arc::new(Action { core: core.clone(), route: route.clone() })
}

impl Endpoint for Action {
    fn call(&self, path: String, payload: Vec<u8>, respond: ResponseCallback) -> CancelOnDrop {
        let payload = Payload::Binary(payload);
        self.route.serve(self.core.clone(), None, path, payload, in_binary(respond))
    }
}

struct Authenticate {
    isolate: Arc<Isolate>,
    node: u32,
}

/// The endpoint that asks JavaScript whether a gateway may answer a request.
pub fn authenticate(isolate: &Arc<Isolate>, node: u32) -> Arc<dyn Endpoint> {
    Arc::new(Authenticate { isolate: isolate.clone(), node })
}

impl Endpoint for Authenticate {
    fn call(&self, gateway: String, request: Vec<u8>, respond: ResponseCallback) -> CancelOnDrop {
        let action = (self.node, reserved_action::AUTHENTICATE);
        let payload = Payload::Binary(request);
        serve_javascript(&self.isolate, action, None, &gateway, payload, in_binary(respond))
    }
}

fn in_binary(respond: ResponseCallback) -> peer_call::ResponseCallback {
    Box::new(move |response| {
        respond(match response {
            Ok(Payload::Binary(bytes)) => Ok(bytes),
            Ok(Payload::Value(value)) => value::from_core(&value, None),
            Err(error) => Err(to_public_error(error)),
        });
    })
}
