//! The identity of a node in its network, and its description for peers.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use runar_keys::NodeKeyManager;
use runar_schemas::ServiceMetadata;

use super::session::version::Versions;

pub struct Membership {
    pub keys: Arc<NodeKeyManager>,
    pub network_id: String,
    /// The versions of sessions that the node speaks.
    pub versions: Versions,
}

/// What peers learn of this node.
pub struct Description {
    pub services: Vec<ServiceMetadata>,
    /// Topics and patterns, without the network.
    pub subscriptions: Vec<String>,
    pub version: i64,
}

impl Description {
    pub fn new(services: Vec<ServiceMetadata>, subscriptions: Vec<String>) -> Self {
        // The core takes no update whose version is not above the last; a node that restarts may
        // meet peers that still remember it.
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let version = i64::try_from(started.as_millis()).unwrap_or_default();
        Self { services, subscriptions, version }
    }
}
