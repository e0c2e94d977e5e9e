//! The node's config: a mirror of the core's `NodeConfig`, which cannot be deserialised itself,
//! in the core's own snake_case. The JSON Schema, the TypeScript type and the config's page in
//! docs/reference are made from these types and their comments.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::Duration;

use runar_logging_bridge::Level;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::{de, Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::error::{Code, Error, Result};

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

/// The level from which on records pass; `off` lets nothing through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename = "LogLevel", rename_all = "lowercase")]
pub enum LevelFilter {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Off,
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

impl LevelFilter {
    /// `None` lets nothing through.
    pub fn threshold(self) -> Option<Level> {
        match self {
            LevelFilter::Trace => Some(Level::Trace),
            LevelFilter::Debug => Some(Level::Debug),
            LevelFilter::Info => Some(Level::Info),
            LevelFilter::Warn => Some(Level::Warn),
            LevelFilter::Error => Some(Level::Error),
            LevelFilter::Off => None,
        }
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "trace" => LevelFilter::Trace,
            "debug" => LevelFilter::Debug,
            "info" => LevelFilter::Info,
            "warn" => LevelFilter::Warn,
            "error" => LevelFilter::Error,
            "off" => LevelFilter::Off,
            _ => return None,
        })
    }
}

impl<'de> Deserialize<'de> for LevelFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        read(deserializer, "trace, debug, info, warn, error or off", |given| {
            Self::named(given.as_str()?)
        })
    }
}

/// What serde derives for a struct takes an array too, for the fields in their order.
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
                        // Not the trait's, which is this one, but what the derive made.
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

/// A whole number of at least 1. More than fits 32 bits is a mistake of the unit.
macro_rules! whole_number {
    ($name:ident, $what:literal) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        pub struct $name(pub u32);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(
                deserializer: D,
            ) -> std::result::Result<Self, D::Error> {
                let given = Value::deserialize(deserializer)?;
                match given.as_u64().map(u32::try_from) {
                    Some(Ok(number)) if number > 0 => Ok(Self(number)),
                    Some(Err(_)) => Err(de::Error::custom(format!(
                        concat!("expected ", $what, " of at most {}"),
                        u32::MAX
                    ))),
                    _ => Err(de::Error::custom(concat!("expected ", $what, " of at least 1"))),
                }
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "integer", "minimum": 1, "maximum": u32::MAX })
            }
        }
    };
}

whole_number!(Milliseconds, "a whole number of milliseconds");
whole_number!(Bytes, "a whole number of bytes");
whole_number!(Count, "a whole number");

impl Milliseconds {
    pub fn duration(self) -> Duration {
        Duration::from_millis(self.0.into())
    }
}

/// An IPv4 multicast address, with or without a port.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct MulticastGroup(pub String);

impl<'de> Deserialize<'de> for MulticastGroup {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        const EXPECTED: &str =
            "an IPv4 multicast address (224.0.0.0 to 239.255.255.255) such as 239.255.42.98";
        read(deserializer, EXPECTED, |given| {
            let text = given.as_str()?;
            let with_port = text.parse::<SocketAddrV4>().map(|address| *address.ip());
            let address = with_port.or_else(|_| text.parse::<Ipv4Addr>()).ok()?;
            address.is_multicast().then(|| Self(text.to_owned()))
        })
    }
}

/// The uncompressed point of a P-256 key.
#[derive(Clone, Debug)]
pub struct PublicKey(pub Vec<u8>);

impl PublicKey {
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = hex::decode(text).ok()?;
        (bytes.len() == 65 && bytes[0] == 4).then_some(Self(bytes))
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        const EXPECTED: &str = "a public key: 130 hexadecimal digits that begin with 04";
        read(deserializer, EXPECTED, |given| Self::parse(given.as_str()?))
    }
}

impl JsonSchema for PublicKey {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PublicKey".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^04[0-9a-fA-F]{128}$" })
    }
}

/// Whether the text is an address, or a name, with a port.
pub fn is_address(text: &str) -> bool {
    text.parse::<SocketAddr>().is_ok()
        || text.rsplit_once(':').is_some_and(|(name, port)| {
            let letters = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
            !name.is_empty() && name.chars().all(letters) && port.parse::<u16>().is_ok()
        })
}

fn socket_address<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<SocketAddr, D::Error> {
    read(deserializer, "an address and a port such as 127.0.0.1:0", |given| {
        given.as_str()?.parse().ok()
    })
}

fn read<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &str,
    convert: impl FnOnce(&Value) -> Option<T>,
) -> std::result::Result<T, D::Error> {
    let given = Value::deserialize(deserializer)?;
    convert(&given).ok_or_else(|| de::Error::custom(format_args!("expected {expected}")))
}

/// A key is given or left out. `null`, which JSON makes of `NaN` too, is no way to leave it out.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// What `is_address` takes, as near as a schema comes to it.
const ADDRESS: &str = r"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}$";

const NETWORK_ID: &str = r"^[^\s\x00-\x1f\x7f:/*>{}]+$";

impl Config {
    pub fn parse(json: &str) -> Result<Config> {
        let given: Value = serde_json::from_str(json)
            .map_err(|error| Error::new(Code::Config, format!("config: no JSON: {error}")))?;
        let config: Config = serde_path_to_error::deserialize(&given)
            .map_err(|error| describe(error.path(), &error.inner().to_string(), &given))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        if let Some(id) = &self.default_network_id {
            check_network_id("default_network_id", id)?;
        }
        for (index, id) in self.network_ids.iter().enumerate() {
            check_network_id(&format!("network_ids[{index}]"), id)?;
        }
        self.network_config.as_ref().map_or(Ok(()), NetworkConfig::check)
    }
}

fn check_network_id(path: &str, id: &str) -> Result<()> {
    if id.is_empty()
        || id.contains([':', '/', '*', '>', '{', '}'])
        || id.contains(char::is_whitespace)
        || id.contains(char::is_control)
    {
        return Err(refused(path, &format!("{id:?} is no network id: it may not be empty nor hold spaces, control characters or any of : / * > {{ }}")));
    }
    Ok(())
}

impl NetworkConfig {
    fn check(&self) -> Result<()> {
        if self.discovery_providers.len() > 1 {
            return Err(refused(
                "network_config.discovery_providers",
                "expected one provider at most: there is one set of options",
            ));
        }
        if self.discovery_options.is_some() && self.discovery_providers.is_empty() {
            return Err(refused(
                "network_config.discovery_options",
                "needs a provider, such as discovery_providers: [{\"multicast\": {}}]",
            ));
        }
        for (index, peer) in self.peers.iter().enumerate() {
            let path = format!("network_config.peers[{index}].addresses");
            if peer.addresses.is_empty() {
                return Err(refused(&path, "expected one address at least"));
            }
            if let Some(bad) = peer.addresses.iter().find(|address| !is_address(address)) {
                let what = format!("{bad:?} is no address with a port such as 127.0.0.1:4433");
                return Err(refused(&path, &what));
            }
        }
        Ok(())
    }

    /// The largest message that may come or go, in bytes.
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

/// The JSON Schema of the config.
pub fn schema() -> Value {
    SchemaSettings::draft2020_12()
        .with_transform(RecursiveTransform(without_null))
        .into_generator()
        .into_root_schema_for::<Config>()
        .to_value()
}

/// An optional key may be left out, but not be null.
fn without_null(schema: &mut Schema) {
    if schema.get("default") == Some(&Value::Null) {
        schema.remove("default");
    }
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    let reference = match schema.get("anyOf") {
        Some(Value::Array(either)) => either.iter().find_map(|one| one.get("$ref")).cloned(),
        _ => None,
    };
    if let Some(reference) = reference {
        schema.remove("anyOf");
        schema.insert("$ref".to_owned(), reference);
    }
}

fn refused(path: &str, what: &str) -> Error {
    Error::new(Code::Config, format!("config.{path}: {what}"))
        .with_details(Value::from_iter([("path", format!("config.{path}"))]))
}

/// Fields of Rust that have no key here, and why.
const NOT_TAKEN: [(&str, &str); 6] = [
    ("key_manager_state", "it belongs to the node's identity"),
    ("transport_type", "the core has one transport, QUIC"),
    ("load_balancer", "the core has one load balancer, round robin"),
    ("connection_idle_timeout", "set network_config.peer_timeout_ms instead"),
    ("keep_alive_interval", "it follows from network_config.peer_timeout_ms"),
    ("static", "the core does not implement it; name peers in network_config.peers"),
];

/// Puts what serde says in the words of whoever wrote the config.
fn describe(path: &Path, problem: &str, config: &Value) -> Error {
    let keys = path.to_string();
    if problem.starts_with("unknown field") {
        return refused(&keys, &unknown_key(path, problem));
    }
    if let Some(key) = problem.strip_prefix("missing field ") {
        return refused(&keys, &format!("expected the key {}", key.trim_matches('`')));
    }
    let expected = match problem.rsplit_once("expected ").map_or(problem, |(_, expected)| expected)
    {
        "a sequence" => "an array",
        "a map" => "an object",
        expected => expected,
    };
    let what = format!("expected {expected}, got {}", shown(at(path, config)));
    if path.iter().len() == 0 {
        return Error::new(Code::Config, format!("config: {what}"));
    }
    refused(&keys, &what)
}

/// serde names the known keys in back quotes; from them comes the suggestion.
fn unknown_key(path: &Path, problem: &str) -> String {
    let key = match path.iter().next_back() {
        Some(Segment::Map { key }) => key.as_str(),
        _ => "",
    };
    let field = key.strip_suffix("_ms").unwrap_or(key);
    if let Some((_, reason)) = NOT_TAKEN.iter().find(|(name, _)| *name == field) {
        return format!("cannot be set: {reason}");
    }
    let known = problem.rsplit_once("`, expected ").map_or("", |(_, known)| known);
    let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    match nearest(key, known.iter().copied()) {
        Some(known) => format!("unknown key, did you mean {known}?"),
        None => format!("unknown key; known are {}", known.join(", ")),
    }
}

fn at<'a>(path: &Path, config: &'a Value) -> &'a Value {
    path.iter().fold(config, |value, segment| match segment {
        Segment::Map { key } => &value[key.as_str()],
        Segment::Seq { index } => &value[*index],
        Segment::Enum { .. } | Segment::Unknown => value,
    })
}

fn shown(value: &Value) -> String {
    const MAX_LENGTH: usize = 60;
    match value {
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().count() > MAX_LENGTH => {
            let start: String = text.chars().take(MAX_LENGTH).collect();
            Value::String(start + "…").to_string()
        }
        other => other.to_string(),
    }
}

/// The known name that a mistyped one most likely meant, if any is close enough.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const CLOSE_ENOUGH: f64 = 0.75;
    known
        .map(|candidate| {
            let likeness = strsim::jaro_winkler(&name.to_lowercase(), &candidate.to_lowercase());
            (likeness, candidate)
        })
        .filter(|(likeness, _)| *likeness >= CLOSE_ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(json: &str) -> String {
        match Config::parse(json) {
            Ok(config) => format!("accepted: {config:?}"),
            Err(error) => error.message,
        }
    }

    #[test]
    fn an_empty_config_is_complete() {
        assert!(Config::parse("{}").is_ok());
    }

    #[test]
    fn an_unknown_key_is_named_with_its_path_and_the_nearest_known_one() {
        assert_eq!(
            refusal(r#"{"netwrk_config": {}}"#),
            "config.netwrk_config: unknown key, did you mean network_config?"
        );
        assert_eq!(
            refusal(r#"{"network_config": {"transport_options": {"bind_adress": "x"}}}"#),
            "config.network_config.transport_options.bind_adress: unknown key, did you mean bind_address?"
        );
    }

    #[test]
    fn a_wrong_type_is_named_with_its_path() {
        assert_eq!(
            refusal(r#"{"request_timeout_ms": "soon"}"#),
            "config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got \"soon\""
        );
    }

    #[test]
    fn an_array_is_no_object() {
        assert_eq!(
            refusal(r#"{"network_config": {"transport_options": []}}"#),
            "config.network_config.transport_options: expected an object, got an array"
        );
        assert_eq!(
            refusal(r#"{"network_config": {"discovery_providers": [["multicast"]]}}"#),
            "config.network_config.discovery_providers[0]: expected an object, got an array"
        );
    }
}
