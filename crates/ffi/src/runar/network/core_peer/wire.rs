//! Runar's wire protocol: CBOR messages behind their length (u32, big endian), one to a stream each
//! way. The messages are the core's own types; what is ours beside them it does not look at.

use std::any::type_name;
use std::collections::HashMap;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

use quinn::RecvStream;
use runar_keys::NodeKeyManager;
use runar_node::network::discovery::NodeInfo;
use runar_node::network::transport::{
    MessageContext, NetworkMessage, NetworkMessagePayloadItem, MESSAGE_TYPE_ERROR,
    MESSAGE_TYPE_HANDSHAKE, MESSAGE_TYPE_RESPONSE,
};
use runar_serializer::traits::{
    ConfigurableLabelResolver, KeyMappingConfig, LabelResolver, SerializationContext,
};
use runar_serializer::{ArcValue, ValueCategory};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::{Code, Error, Result};
use crate::value::{self, HandleTable};

/// What a peer running the core takes, whatever its config says.
pub const CORE_LIMIT: usize = 1024 * 1024;

/// An answer that is larger than we take is read to its end and forgotten, up to this size: to
/// refuse it would cost the connection.
const MAX_SKIPPED: usize = 64 * 1024 * 1024;

/// First said on a connection, by both sides.
#[derive(Clone, Serialize, Deserialize)]
pub struct Handshake {
    pub node_info: NodeInfo,
    pub nonce: u64,
    pub role: Role,
    /// How nodes of this SDK recognise each other: the newest version of sessions that they know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdk: Option<u32>,
    /// What shows that the other has the network's key: sealed, for it to open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Vec<u8>>,
    /// The answer to the other's challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    Initiator,
    Responder,
}

pub const SESSION_VERSION: u32 = 1;

/// Seals what leaves with the network's key and opens what comes.
pub struct PayloadCipher {
    keys: Arc<NodeKeyManager>,
    network_id: String,
    labels: Arc<dyn LabelResolver>,
}

impl PayloadCipher {
    pub fn new(keys: Arc<NodeKeyManager>, network_id: String) -> Self {
        let labels = KeyMappingConfig { label_mappings: Default::default() };
        let labels = Arc::new(ConfigurableLabelResolver::new(labels));
        Self { keys, network_id, labels }
    }

    pub fn seal(&self, value: Option<&ArcValue>) -> Result<Vec<u8>> {
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return Ok(vec![0]);
        };
        if travels(value, 0) {
            if let Ok(sealed) = self.seal_as_is(value) {
                return Ok(sealed);
            }
        }
        // What was received is refused too: the core cannot write what it has only just read.
        self.seal_as_is(&rebuilt(value)?)
    }

    fn seal_as_is(&self, value: &ArcValue) -> Result<Vec<u8>> {
        let context = SerializationContext {
            keystore: self.keys.clone(),
            resolver: self.labels.clone(),
            network_id: self.network_id.clone(),
            profile_public_key: None,
        };
        value.serialize(Some(&context)).map_err(|error| {
            Error::new(Code::Value, format!("cannot be sent to a peer: {error:#}"))
        })
    }

    pub fn open(&self, bytes: &[u8]) -> Result<Option<ArcValue>> {
        // The core's decoder takes the shortest of its headers for granted.
        let opened = catch_unwind(AssertUnwindSafe(|| {
            ArcValue::deserialize(bytes, Some(self.keys.clone()))
        }))
        .map_err(Error::from_panic)?
        .map_err(|error| Error::new(Code::Value, format!("cannot be read: {error:#}")))?;
        Ok(Some(opened).filter(|value| !value.is_null()))
    }
}

/// Whether the core at the other end can read a value as it is: not a top-level i32, u32, u64 or
/// f32, and no null within a map or a list.
fn travels(value: &ArcValue, depth: usize) -> bool {
    if depth > value::MAX_DEPTH {
        return false;
    }
    match value.category() {
        ValueCategory::Null => depth == 0,
        ValueCategory::Primitive => {
            let readable = [type_name::<String>(), "i64", "f64", "bool"];
            value.type_name().is_some_and(|name| readable.contains(&name))
        }
        ValueCategory::List => value::typed::<Vec<ArcValue>>(value)
            .is_none_or(|items| items.iter().all(|item| travels(item, depth + 1))),
        ValueCategory::Map => value::typed::<HashMap<String, ArcValue>>(value)
            .is_none_or(|items| items.values().all(|item| travels(item, depth + 1))),
        ValueCategory::Bytes | ValueCategory::Struct | ValueCategory::Json => true,
    }
}

/// The same value, made anew from what JavaScript would see of it.
fn rebuilt(value: &ArcValue) -> Result<ArcValue> {
    let bytes = value::from_core(value, None)?;
    Ok(value::to_core(&bytes, &HandleTable::default())?.unwrap_or_else(ArcValue::null))
}

pub fn correlation_id() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

pub fn message(
    kind: u32,
    (from, to): (&str, &str),
    path: String,
    value_bytes: Vec<u8>,
    correlation_id: String,
) -> NetworkMessage {
    let context = Some(MessageContext { profile_public_key: Vec::new() });
    NetworkMessage {
        source_node_id: from.to_owned(),
        destination_node_id: to.to_owned(),
        message_type: kind,
        payloads: vec![NetworkMessagePayloadItem { path, value_bytes, context, correlation_id }],
    }
}

/// A message as it goes over the wire, no larger than `limit`.
pub fn framed(message: &NetworkMessage, limit: usize) -> Result<Vec<u8>> {
    let mut frame = vec![0; 4];
    serde_cbor::to_writer(&mut frame, message)
        .map_err(|error| Error::new(Code::Value, format!("cannot be sent to a peer: {error}")))?;
    let size = frame.len() - 4;
    if size > limit {
        return Err(too_large("is", size, limit));
    }
    frame[..4].copy_from_slice(&(size as u32).to_be_bytes());
    Ok(frame)
}

fn too_large(verb: &str, size: usize, limit: usize) -> Error {
    Error::new(
        Code::TooLarge,
        format!(
            "{verb} too large for the wire: {size} bytes once encrypted and encoded, where {limit} \
             may go; send it in parts"
        ),
    )
    .with_details(json!({ "bytes": size, "limit": limit }))
}

/// Reads the one message of a stream. One that is larger than `limit` is an error, and skipped.
pub async fn read(stream: &mut RecvStream, limit: usize) -> Result<NetworkMessage> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).await.map_err(broken)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > limit {
        skip(stream, length).await?;
        return Err(too_large("what the peer sent is", length, limit));
    }
    // Not all at once: the peer has only claimed to send that much.
    let mut bytes = Vec::with_capacity(length.min(64 * 1024));
    let mut part = vec![0; length.min(64 * 1024)];
    while bytes.len() < length {
        let most = part.len().min(length - bytes.len());
        match stream.read(&mut part[..most]).await.map_err(broken)? {
            Some(count) => bytes.extend_from_slice(&part[..count]),
            None => return Err(broken("the message is cut short")),
        }
    }
    serde_cbor::from_slice(&bytes)
        .map_err(|error| Error::new(Code::PeerLost, format!("no message of Runar: {error}")))
}

async fn skip(stream: &mut RecvStream, length: usize) -> Result<()> {
    let mut left = length.min(MAX_SKIPPED);
    let mut part = vec![0; 64 * 1024];
    while left > 0 {
        let most = part.len().min(left);
        match stream.read(&mut part[..most]).await.map_err(broken)? {
            Some(count) => left -= count,
            None => break,
        }
    }
    Ok(())
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::new(Code::PeerLost, format!("the connection to the peer broke: {error}"))
}

pub fn handshake_of(message: &NetworkMessage) -> Result<Handshake> {
    let bytes = message
        .payloads
        .first()
        .filter(|_| message.message_type == MESSAGE_TYPE_HANDSHAKE)
        .map(|payload| payload.value_bytes.as_slice())
        .ok_or_else(|| Error::new(Code::PeerLost, "the peer did not introduce itself first"))?;
    serde_cbor::from_slice(bytes)
        .map_err(|error| Error::new(Code::PeerLost, format!("no handshake of Runar: {error}")))
}

/// A node that has changed says so with its description alone.
pub fn node_info_of(message: &NetworkMessage) -> Option<NodeInfo> {
    let bytes = message.payloads.first()?.value_bytes.as_slice();
    node_info(bytes)
        .or_else(|| serde_cbor::from_slice::<Handshake>(bytes).ok().map(|said| said.node_info))
}

pub fn node_info(bytes: &[u8]) -> Option<NodeInfo> {
    serde_cbor::from_slice(bytes).ok()
}

pub fn cbor<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_cbor::to_vec(value).map_err(|error| Error::new(Code::Value, error.to_string()))
}

/// What tells a peer that its call has failed: the map that the core itself answers with, in a
/// message that says of itself that it is an error.
pub fn failure(cipher: &PayloadCipher, error: &anyhow::Error) -> Result<(u32, Vec<u8>)> {
    let text = |text: &str| ArcValue::new_primitive(text.to_owned());
    let mut map = HashMap::from([("error".to_owned(), ArcValue::new_primitive(true))]);
    let (code, message) = match error.downcast_ref::<Error>() {
        Some(Error { code, message, details }) => {
            if let Some(details) = details {
                map.insert("details".to_owned(), ArcValue::new_json(details.clone()));
            }
            (*code, message.clone())
        }
        None => (Code::Action, format!("{error:#}")),
    };
    map.insert("message".to_owned(), text(&message));
    map.insert("code".to_owned(), text(code.as_str()));
    // Not by `seal`, which would make the flag and the texts JSON: the core reads primitives.
    let sealed = cipher.seal_as_is(&ArcValue::new_map(map))?;
    Ok((MESSAGE_TYPE_ERROR, sealed))
}

/// What a peer answered. The core tells of a failure in a map like any other.
pub fn answer(cipher: &PayloadCipher, answer: &NetworkMessage) -> Result<Option<ArcValue>> {
    let Some(payload) = answer.payloads.first() else {
        return Err(Error::new(Code::Remote, "the peer answered nothing"));
    };
    let value = match cipher.open(&payload.value_bytes) {
        Ok(value) => value,
        // The core's transport answers with a bare text when the call could not even be read.
        Err(error) => match serde_cbor::from_slice::<String>(&payload.value_bytes) {
            Ok(text) => return Err(Error::new(Code::Remote, text)),
            Err(_) => return Err(error),
        },
    };
    if ![MESSAGE_TYPE_ERROR, MESSAGE_TYPE_RESPONSE].contains(&answer.message_type) {
        return Ok(value);
    }
    value.as_ref().and_then(told).map_or(Ok(value), Err)
}

/// The error that a map stands for, if it stands for one.
fn told(value: &ArcValue) -> Option<Error> {
    if value.category() != ValueCategory::Map {
        return None;
    }
    let map = value.as_map_ref().ok()?;
    let is_error = map.get("error")?.as_type_ref::<bool>().ok()?;
    (*is_error && map.len() == 2).then_some(())?;
    let message = map.get("message")?.as_type_ref::<String>().ok()?;
    Some(Error::new(Code::Remote, message.as_str()))
}
