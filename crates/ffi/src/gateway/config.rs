//! What JavaScript says of a gateway. It has checked the form of each key and filled in the defaults.

use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GatewayConfig {
    pub listen: SocketAddr,
    /// The paths of the services that may be reached. By default those written in JavaScript.
    pub services: Option<Vec<String>>,
    /// The actions that GET may call.
    pub safe: Vec<String>,
    /// Names that `Host` may have beside the address itself, with or without a port.
    pub hosts: Vec<String>,
    /// Other origins whose pages may call.
    pub origins: Vec<String>,
    /// What `Authorization: Bearer` must have.
    pub token: Option<String>,
    /// Whether JavaScript is asked about each request.
    pub authenticates: bool,
    pub limits: Limits,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Limits {
    /// How many bytes a body may have.
    pub max_body: usize,
    /// How many bytes the request line and the headers may have together.
    pub max_headers: usize,
    pub max_connections: usize,
    /// How long the head of a request may take, from its first byte on.
    #[serde(rename = "headersTimeoutMs", deserialize_with = "milliseconds")]
    pub headers_timeout: Duration,
    /// How long a body may take, and how long authentication may take.
    #[serde(rename = "bodyTimeoutMs", deserialize_with = "milliseconds")]
    pub body_timeout: Duration,
    /// How long a connection may do nothing: before a request, and while a response is not read.
    #[serde(rename = "idleTimeoutMs", deserialize_with = "milliseconds")]
    pub idle_timeout: Duration,
}

fn milliseconds<'de, D: Deserializer<'de>>(input: D) -> Result<Duration, D::Error> {
    u32::deserialize(input).map(|given| Duration::from_millis(given.into()))
}
