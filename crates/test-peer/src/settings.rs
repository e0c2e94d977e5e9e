//! The settings of the peer: the first line of its input.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use base64::prelude::{Engine, BASE64_STANDARD};
use runar_common::compact_ids::compact_id;
use runar_node::config::{LogLevel, LoggingConfig};
use runar_node::network::discovery::multicast_discovery::PeerInfo;
use runar_node::network::network_config::{
    DiscoveryProviderConfig, MulticastDiscoveryOptions, NetworkConfig,
};
use runar_node::network::{DiscoveryOptions, QuicTransportOptions};
use runar_node::NodeConfig;
use serde::Deserialize;

/// The keys come by the input and not as an argument, which every process of the machine can read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `NodeKeyManagerState`, written by bincode, in base64.
    key_state: String,
    network_id: String,
    #[serde(default = "any_port")]
    bind_address: SocketAddr,
    #[serde(default)]
    pub peers: Vec<StaticPeer>,
    /// Without a group the peer neither announces itself nor listens to others.
    multicast_group: Option<String>,
    #[serde(default = "announce_interval")]
    announce_interval_ms: u64,
    /// Topics and patterns whose events are reported, in addition to what the services listen to.
    #[serde(default)]
    pub listen: Vec<String>,
    /// Topics and patterns whose events are counted, and not reported.
    #[serde(default)]
    pub count: Vec<String>,
    /// Whether it offers its services. A path that a node has itself is called there, so a peer
    /// that is to call those of another one has none.
    #[serde(default = "yes")]
    pub services: bool,
    /// Whether calls go as frames in ordinary requests; both peers must agree on it.
    #[serde(default)]
    pub frames: bool,
}

/// A peer whose address is known beforehand.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaticPeer {
    public_key: String,
    addresses: Vec<String>,
}

fn any_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn announce_interval() -> u64 {
    500
}

fn yes() -> bool {
    true
}

impl StaticPeer {
    pub fn info(&self) -> Result<PeerInfo> {
        let key = hex::decode(&self.public_key).context("public_key: no hexadecimal")?;
        Ok(PeerInfo::new(key, self.addresses.clone()))
    }
}

/// The id of a node, which is made from its public key.
pub fn id_of(peer: &PeerInfo) -> String {
    compact_id(&peer.public_key)
}

impl Settings {
    pub fn parse(line: &str) -> Result<Self> {
        // What serde says of a bad value may quote it, and one of them is a key.
        serde_json::from_str(line).map_err(|error| {
            anyhow::anyhow!("the settings are not as expected, at column {}", error.column())
        })
    }

    pub fn node_config(&self) -> Result<NodeConfig> {
        let keys = BASE64_STANDARD.decode(&self.key_state).context("key_state: no base64")?;
        let config = NodeConfig::new("test-peer", &self.network_id)
            .with_key_manager_state(keys)
            .with_network_config(self.network_config());
        // Without this the core would write its own records of level info.
        Ok(match std::env::var_os("RUST_LOG") {
            Some(_) => config,
            None => {
                config.with_logging_config(LoggingConfig::new().with_default_level(LogLevel::Off))
            }
        })
    }

    fn network_config(&self) -> NetworkConfig {
        let mut network = NetworkConfig::with_quic(QuicTransportOptions::new());
        network.transport_options.bind_address = self.bind_address;
        let Some(group) = &self.multicast_group else {
            return network;
        };
        let options = DiscoveryOptions {
            multicast_group: group.clone(),
            announce_interval: Duration::from_millis(self.announce_interval_ms),
            ..DiscoveryOptions::default()
        };
        let provider = MulticastDiscoveryOptions {
            multicast_group: options.multicast_group.clone(),
            announce_interval: options.announce_interval,
            discovery_timeout: options.discovery_timeout,
            node_ttl: options.node_ttl,
            use_multicast: options.use_multicast,
            local_network_only: options.local_network_only,
        };
        network
            .with_discovery_provider(DiscoveryProviderConfig::Multicast(provider))
            .with_discovery_options(options)
    }
}
