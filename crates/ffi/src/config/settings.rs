//! Settings that the network derives from the config.

use std::time::Duration;

use super::schema::{DiscoveryOptions, MulticastOptions, NetworkConfig};

/// The options of sessions.
#[derive(Clone, Copy)]
pub struct SessionOptions {
    /// Calls in flight, each way.
    pub max_calls: usize,
    /// Bytes of calls in flight, each way.
    pub max_queued_bytes: usize,
    pub max_payload_bytes: usize,
    /// How long one step between two nodes may take.
    pub timeout: Duration,
    /// Whether peers get the stacks of errors.
    pub send_error_stacks: bool,
}

impl NetworkConfig {
    /// The largest message from or to a node of the core, in bytes.
    pub fn message_limit(&self) -> usize {
        self.max_message_size.0.min(self.transport_options.max_message_size.0) as usize
    }

    pub fn session_options(&self) -> SessionOptions {
        SessionOptions {
            max_calls: self.max_calls_per_peer.0 as usize,
            max_queued_bytes: self.max_queued_bytes_per_peer.0 as usize,
            max_payload_bytes: self.max_payload_size.0 as usize,
            timeout: self.transport_options.timeout_ms.duration(),
            send_error_stacks: self.send_error_stacks,
        }
    }

    /// The options of the provider, if there is one.
    pub fn discovery(&self) -> Option<DiscoveryOptions> {
        let MulticastOptions {
            multicast_group,
            announce_interval_ms,
            discovery_timeout_ms,
            node_ttl_ms,
            use_multicast,
            local_network_only,
        } = &self.discovery_providers.first()?.multicast;
        let others = self.discovery_options.clone().unwrap_or_default();
        Some(DiscoveryOptions {
            announce_interval_ms: announce_interval_ms.unwrap_or(others.announce_interval_ms),
            discovery_timeout_ms: discovery_timeout_ms.unwrap_or(others.discovery_timeout_ms),
            node_ttl_ms: node_ttl_ms.unwrap_or(others.node_ttl_ms),
            debounce_window_ms: others.debounce_window_ms,
            use_multicast: use_multicast.unwrap_or(others.use_multicast),
            local_network_only: local_network_only.unwrap_or(others.local_network_only),
            multicast_group: multicast_group.clone().unwrap_or(others.multicast_group),
        })
    }
}
