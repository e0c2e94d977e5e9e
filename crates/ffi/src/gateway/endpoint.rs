//! What a gateway calls: the actions of a node, and the node's own checks.

use std::sync::Arc;

use crate::error::Result;
use crate::peer_call::CancelOnDrop;

/// Gets the result of a call in binary form, without handles, on the thread that has it.
pub type ResponseCallback = Box<dyn FnOnce(Result<Vec<u8>>) + Send>;

/// Something that takes calls in binary form. A call is given up when its `CancelOnDrop` is dropped.
pub trait Endpoint: Send + Sync {
    fn call(&self, path: String, payload: Vec<u8>, respond: ResponseCallback) -> CancelOnDrop;
}

/// A service that a gateway may make reachable.
pub struct ReachableService {
    pub path: String,
    /// The names of the actions, which may have variable parts, with what calls them.
    pub actions: Vec<(String, Arc<dyn Endpoint>)>,
    pub is_javascript: bool,
}

/// Writes an error record of the node.
pub type Report = Box<dyn Fn(&str) + Send + Sync>;

/// The node of a gateway.
pub struct Backend {
    pub services: Vec<ReachableService>,
    /// Calls the `authenticate` of the gateway whose path is given; answers with a boolean.
    pub authenticate: Arc<dyn Endpoint>,
}
