//! A test that the config has the core's keys and, with few exceptions, its defaults.

use std::collections::BTreeSet;

use runar_node::config::LoggingConfig;
use runar_node::network::network_config::{
    DiscoveryProviderConfig, MulticastDiscoveryOptions, NetworkConfig,
};
use runar_node::network::{DiscoveryOptions, QuicTransportOptions};
use runar_node::NodeConfig;
use serde_json::Value;

use crate::config;

fn mirrored(schema: &Value, names: &mut BTreeSet<String>) {
    for (key, value) in schema.as_object().into_iter().flatten() {
        if let ("properties", Value::Object(properties)) = (key.as_str(), value) {
            names.extend(properties.keys().map(|name| name.trim_end_matches("_ms").to_owned()));
        }
        mirrored(value, names);
    }
}

fn fields(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter_map(|line| line.trim_start().split_once(": "))
        .map(|(name, _)| name.trim_end_matches("_ms").to_owned())
        .collect()
}

fn upstream() -> NetworkConfig {
    let options = DiscoveryOptions::default();
    NetworkConfig::with_quic(QuicTransportOptions::new())
        .with_discovery_provider(DiscoveryProviderConfig::Multicast(MulticastDiscoveryOptions {
            multicast_group: options.multicast_group.clone(),
            announce_interval: options.announce_interval,
            discovery_timeout: options.discovery_timeout,
            node_ttl: options.node_ttl,
            use_multicast: options.use_multicast,
            local_network_only: options.local_network_only,
        }))
        .with_discovery_options(options)
}

#[test]
fn the_config_has_the_fields_of_the_core() {
    let upstream = NodeConfig::new("label", "network")
        .with_network_config(upstream())
        .with_logging_config(LoggingConfig::new());
    let upstream = fields(&format!("{upstream:#?}"));
    let mut ours = BTreeSet::new();
    mirrored(&config::schema(), &mut ours);
    let only_ours: Vec<_> = ours.difference(&upstream).map(String::as_str).collect();
    // Ours by design; the core does not print `response_cache_ttl`; `multicast` is a variant.
    assert_eq!(
        only_ours.join(" "),
        "$schema accept_unauthenticated_peers addresses max_calls_per_peer max_payload_size \
         max_queued_bytes_per_peer multicast peer_timeout peers public_key response_cache_ttl \
         send_error_stacks"
    );
    let only_upstream: Vec<_> = upstream.difference(&ours).map(String::as_str).collect();
    // What the config refuses with a reason, and what the core itself sets.
    assert_eq!(
        only_upstream.join(" "),
        "bind_addr certificates connection_callback connection_idle_timeout current_index \
         keep_alive_interval key_manager_state keystore label_resolver load_balancer \
         local_node_info logger message_handler private_key root_certificates transport_type"
    );
}

#[test]
fn the_defaults_are_those_of_the_core() {
    let ours = config::NetworkConfig::default();
    let upstream = upstream();
    let milliseconds = |duration: std::time::Duration| duration.as_millis() as u64;
    assert_eq!(u64::from(ours.connection_timeout_ms.0), u64::from(upstream.connection_timeout_ms));
    assert_eq!(u64::from(ours.request_timeout_ms.0), u64::from(upstream.request_timeout_ms));
    assert_eq!(ours.max_connections.0, upstream.max_connections);
    assert_eq!(ours.max_message_size.0 as usize, upstream.max_message_size);
    assert_eq!(ours.max_chunk_size.0 as usize, upstream.max_chunk_size);
    let transport = &upstream.transport_options;
    assert_eq!(Some(ours.transport_options.timeout_ms.duration()), transport.timeout);
    assert_eq!(
        Some(ours.transport_options.max_message_size.0 as usize),
        transport.max_message_size
    );
    let ttl = upstream.quic_options.map(|options| options.response_cache_ttl());
    assert_eq!(Some(ours.quic_options.response_cache_ttl_ms.duration()), ttl);
    let ours = config::DiscoveryOptions::default();
    let upstream = DiscoveryOptions::default();
    assert_eq!(u64::from(ours.announce_interval_ms.0), milliseconds(upstream.announce_interval));
    assert_eq!(u64::from(ours.discovery_timeout_ms.0), milliseconds(upstream.discovery_timeout));
    assert_eq!(u64::from(ours.node_ttl_ms.0), milliseconds(upstream.node_ttl));
    assert_eq!(u64::from(ours.debounce_window_ms.0), milliseconds(upstream.debounce_window));
    assert_eq!(ours.use_multicast, upstream.use_multicast);
    assert_eq!(ours.local_network_only, upstream.local_network_only);
    assert_eq!(ours.multicast_group.0, upstream.multicast_group);
}
