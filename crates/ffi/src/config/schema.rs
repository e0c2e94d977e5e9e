//! The keys of the config: a mirror of the core's `NodeConfig`, which cannot be deserialised itself, in the
//! core's own snake_case. The JSON Schema, the TypeScript type and the config's page in docs/reference are
//! made from these types and their comments.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};

use schemars::JsonSchema;
use serde::{de, Deserialize, Deserializer};

use super::fields::{
    given, socket_address, Bytes, Count, LevelFilter, Milliseconds, MulticastGroup, PublicKey,
    ADDRESS, NETWORK_ID,
};

/// A node's config: the JSON of Rust's `NodeConfig`, with the same keys; a key for a Rust
/// `Duration` ends in `_ms`. `{}` is complete: a local node with a fresh identity, kept in memory,
/// and no open port. Rust's `key_manager_state` has no key here: it belongs to the node's identity.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, remote = "Self")]
#[schemars(rename = "NodeConfig")]
pub struct Config {
    /// A name for the node in log records, `node` if there is none. The node's id comes from its key.
    #[serde(deserialize_with = "given")]
    pub node_id: Option<String>,
    /// The network of the node's services. By default that of its identity.
    #[serde(deserialize_with = "given")]
    #[schemars(regex(pattern = NETWORK_ID))]
    pub default_network_id: Option<String>,
    /// Further networks that the node takes part in.
    #[schemars(inner(regex(pattern = NETWORK_ID)))]
    pub network_ids: Vec<String>,
    /// Opens a port for peers; `{}` is complete. Without it the node is local.
    #[serde(deserialize_with = "given")]
    pub network_config: Option<NetworkConfig>,
    /// Which log records pass.
    #[serde(deserialize_with = "given")]
    pub logging_config: Option<LoggingConfig>,
    /// How long a call may take, in milliseconds.
    pub request_timeout_ms: Milliseconds,
    /// Where editors find this schema. Not in Rust's `NodeConfig`, and without effect.
    #[serde(rename = "$schema", deserialize_with = "given")]
    _schema: Option<String>,
}

/// How the node meets its peers. Rust's `transport_type` and `load_balancer` have no keys here:
/// there is one of each, QUIC and round robin.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct NetworkConfig {
    /// Where the node listens.
    pub transport_options: TransportOptions,
    /// What is particular to QUIC.
    pub quic_options: QuicOptions,
    /// The ways to find peers: none by default, one at most.
    #[schemars(length(max = 1))]
    pub discovery_providers: Vec<DiscoveryProvider>,
    /// How peers are found. Needs an entry in `discovery_providers`.
    #[serde(deserialize_with = "given")]
    pub discovery_options: Option<DiscoveryOptions>,
    /// Peers to connect to, and to call again when they are lost. Not in Rust's `NodeConfig`, whose
    /// way to name peers, `Static`, the core does not implement.
    pub peers: Vec<PeerAddress>,
    /// Whether peers that do not prove who they are may call the services of this node, and be heard.
    /// Nodes of this SDK prove it, and so do nodes of the core that this node has called; a node of
    /// the core that calls is called back, and refused when that fails. `true` lets whoever reaches
    /// the port call every service. Not in Rust's `NodeConfig`: the core accepts everybody.
    pub accept_unauthenticated_peers: bool,
    /// For how long a peer may be silent before it counts as lost, in milliseconds. A peer that is
    /// there, however busy, is not silent. Not in Rust's `NodeConfig`: the core takes 30000 ms.
    pub peer_timeout_ms: Milliseconds,
    /// How long connecting to a peer may take, at all its addresses together, in milliseconds.
    pub connection_timeout_ms: Milliseconds,
    /// How long a call to a peer, or of a peer, may take at most, in milliseconds, whatever its own
    /// timeout.
    pub request_timeout_ms: Milliseconds,
    /// The most connections at a time; peers beyond are refused.
    pub max_connections: Count,
    /// The largest message to or from a node of the core, in bytes, as it is on the wire: encrypted
    /// and encoded, bytes take up to four times their size. The core takes 1 MiB (1048576) whatever
    /// this says.
    pub max_message_size: Bytes,
    /// The largest payload, result or event between nodes of this SDK, in bytes. Not in Rust's
    /// `NodeConfig`.
    pub max_payload_size: Bytes,
    /// The most calls that a node of this SDK may have under way to this one, and this one to it;
    /// those beyond fail with an OverloadError. Not in Rust's `NodeConfig`.
    pub max_calls_per_peer: Count,
    /// The most bytes of calls that may wait for one peer, or are being answered for it; those beyond
    /// fail with an OverloadError. Not in Rust's `NodeConfig`.
    pub max_queued_bytes_per_peer: Bytes,
    /// Whether peers that call get to see the stacks of errors. Not in Rust's `NodeConfig`.
    pub send_error_stacks: bool,
    /// The largest part of a message, in bytes. Without effect: Runar's protocol has no parts.
    pub max_chunk_size: Bytes,
}

/// Where the node listens.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct TransportOptions {
    /// Address and port; port 0 takes a free one. An address other than this machine's own opens the
    /// node to other machines: see `accept_unauthenticated_peers`.
    #[serde(deserialize_with = "socket_address")]
    #[schemars(with = "String")]
    pub bind_address: SocketAddr,
    /// How long one step between two nodes may take, in milliseconds: to introduce oneself, to
    /// receive a message that has begun, to take an event.
    pub timeout_ms: Milliseconds,
    /// The largest message, in bytes. The smaller one of this and the network's own holds.
    pub max_message_size: Bytes,
}

/// What is particular to QUIC. In place of Rust's `connection_idle_timeout` and
/// `keep_alive_interval` there is `peer_timeout_ms`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct QuicOptions {
    /// How long an answer is kept for a peer of the core that asks for it again, in milliseconds.
    pub response_cache_ttl_ms: Milliseconds,
}

/// A way to find peers, named by its only key. In place of Rust's `Static`, which the core does not
/// implement, there is `peers`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct DiscoveryProvider {
    /// By multicast in the local network; `{}` is complete.
    pub multicast: MulticastOptions,
}

/// Multicast discovery. Whatever is given here takes the place of what is given in
/// `discovery_options`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct MulticastOptions {
    /// An IPv4 multicast address, with `:port` if not port 45678. By default that of
    /// `discovery_options`.
    #[serde(deserialize_with = "given")]
    pub multicast_group: Option<MulticastGroup>,
    /// The time between two announcements of the node, in milliseconds. By default that of
    /// `discovery_options`.
    #[serde(deserialize_with = "given")]
    pub announce_interval_ms: Option<Milliseconds>,
    /// How long a search may take, in milliseconds. By default that of `discovery_options`.
    #[serde(deserialize_with = "given")]
    pub discovery_timeout_ms: Option<Milliseconds>,
    /// How long a peer that is silent stays known, in milliseconds. By default that of
    /// `discovery_options`.
    #[serde(deserialize_with = "given")]
    pub node_ttl_ms: Option<Milliseconds>,
    /// Whether to use multicast. By default that of `discovery_options`.
    #[serde(deserialize_with = "given")]
    pub use_multicast: Option<bool>,
    /// Whether to stay within the local network. By default that of `discovery_options`.
    #[serde(deserialize_with = "given")]
    pub local_network_only: Option<bool>,
}

/// How peers are found.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct DiscoveryOptions {
    /// The time between two announcements of the node, in milliseconds.
    pub announce_interval_ms: Milliseconds,
    /// How long a search may take, in milliseconds. Without effect: peers are looked for as long as
    /// the node runs.
    pub discovery_timeout_ms: Milliseconds,
    /// For how long a peer that was found and is lost is called, in milliseconds, unless it announces
    /// itself again.
    pub node_ttl_ms: Milliseconds,
    /// Within which time repeated announcements of a peer count as one, in milliseconds.
    pub debounce_window_ms: Milliseconds,
    /// Whether to use multicast.
    pub use_multicast: bool,
    /// Whether announcements stay within the local network (a TTL of 1), or may pass routers (32).
    /// Those of a node that listens on a loopback address never leave this machine.
    pub local_network_only: bool,
    /// An IPv4 multicast address, with `:port` if not port 45678.
    pub multicast_group: MulticastGroup,
}

/// A peer, and where it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct PeerAddress {
    /// The peer's public key, in hexadecimal: what `Identity.publicKey` gives.
    pub public_key: PublicKey,
    /// Where it listens: addresses, or names, each with a port, tried in turn.
    #[schemars(length(min = 1), inner(regex(pattern = ADDRESS)))]
    pub addresses: Vec<String>,
}

/// Which log records pass. `RUNAR_LOG` wins over it, and `setLogLevel` changes it while the node runs.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct LoggingConfig {
    /// The level from which on records pass. By default `info` for services and `warn` for the
    /// core's own.
    #[serde(deserialize_with = "given")]
    pub default_level: Option<LevelFilter>,
    /// Levels by component: `Node`, `Registry`, `Service`, `Database`, `Network`, `System`, the name
    /// of a custom one, or the path of a service.
    pub component_levels: HashMap<String, LevelFilter>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            node_id: None,
            default_network_id: None,
            network_ids: Vec::new(),
            network_config: None,
            logging_config: None,
            request_timeout_ms: Milliseconds(30_000),
            _schema: None,
        }
    }
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self {
            transport_options: TransportOptions::default(),
            quic_options: QuicOptions::default(),
            discovery_providers: Vec::new(),
            discovery_options: None,
            peers: Vec::new(),
            accept_unauthenticated_peers: false,
            peer_timeout_ms: Milliseconds(4_000),
            connection_timeout_ms: Milliseconds(30_000),
            request_timeout_ms: Milliseconds(30_000),
            max_connections: Count(100),
            max_message_size: Bytes(1024 * 1024),
            max_payload_size: Bytes(64 * 1024 * 1024),
            max_calls_per_peer: Count(4096),
            max_queued_bytes_per_peer: Bytes(256 * 1024 * 1024),
            send_error_stacks: false,
            max_chunk_size: Bytes(1024 * 1024),
        }
    }
}

impl Default for TransportOptions {
    fn default() -> Self {
        Self {
            // The core's own default would be every interface, and a port that it probes.
            bind_address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            timeout_ms: Milliseconds(30_000),
            max_message_size: Bytes(1024 * 1024),
        }
    }
}

impl Default for QuicOptions {
    fn default() -> Self {
        Self { response_cache_ttl_ms: Milliseconds(5_000) }
    }
}

impl Default for DiscoveryOptions {
    fn default() -> Self {
        Self {
            announce_interval_ms: Milliseconds(5_000),
            discovery_timeout_ms: Milliseconds(10_000),
            node_ttl_ms: Milliseconds(300_000),
            debounce_window_ms: Milliseconds(400),
            use_multicast: true,
            local_network_only: true,
            multicast_group: MulticastGroup("239.255.42.98".to_owned()),
        }
    }
}

/// Deserialises structs from objects only: what serde derives takes an array too, in the order of the fields.
macro_rules! objects {
    ($($name:ident),*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(
                deserializer: D,
            ) -> std::result::Result<Self, D::Error> {
                struct Object;

                impl<'de> de::Visitor<'de> for Object {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: de::MapAccess<'de>>(
                        self,
                        map: A,
                    ) -> std::result::Result<$name, A::Error> {
                        // The inherent function of the derive, not this one of the trait.
                        $name::deserialize(de::value::MapAccessDeserializer::new(map))
                    }
                }

                deserializer.deserialize_map(Object)
            }
        }
    )*};
}

objects!(
    Config,
    NetworkConfig,
    TransportOptions,
    QuicOptions,
    DiscoveryProvider,
    MulticastOptions,
    DiscoveryOptions,
    PeerAddress,
    LoggingConfig
);
