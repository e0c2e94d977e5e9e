//! Runar's wire protocol: CBOR messages behind their length (u32, big endian), one per stream and
//! direction. The messages are the core's own types; the core ignores the fields that this SDK
//! adds.

use std::collections::HashMap;

use quinn::{RecvStream, SendStream};
use runar_node::network::discovery::NodeInfo;
use runar_node::network::transport::{
    MessageContext, NetworkMessage, NetworkMessagePayloadItem, MESSAGE_TYPE_ERROR,
    MESSAGE_TYPE_HANDSHAKE, MESSAGE_TYPE_RESPONSE,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::{Code, Error, Result};
use crate::protocol::limit;
use crate::runar::network::cipher::PayloadCipher;
use crate::runar::network::errors::lost;
use crate::runar::network::session::version::Versions;
use crate::value::{ArcValue, ValueCategory};

/// The largest message that a node of the core accepts, whatever its config says.
pub const MAX_CORE_MESSAGE: usize = 1024 * 1024;

/// A message above the limit is read to its end and dropped, up to this size: to refuse it would
/// cost the connection.
const MAX_SKIPPED: usize = 64 * 1024 * 1024;

/// The first message on a connection, from both sides.
#[derive(Clone, Serialize, Deserialize)]
pub struct HandshakeMessage {
    pub node_info: NodeInfo,
    pub nonce: u64,
    pub role: Role,
    /// The newest version of sessions that the node knows; only nodes of this SDK have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdk: Option<u32>,
    /// The oldest version that the node knows; the newest, when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdk_oldest: Option<u32>,
    /// A secret, sealed with the network's key for the peer to open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Vec<u8>>,
    /// The proof for the challenge of the peer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Vec<u8>>,
}

impl HandshakeMessage {
    /// The versions of sessions that the node speaks; `None` for a node of the core.
    pub fn versions(&self) -> Option<Versions> {
        let newest = self.sdk?;
        Some(Versions { oldest: self.sdk_oldest.unwrap_or(newest), newest })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    Initiator,
    Responder,
}

/// The path of a message that the core gives no path.
pub const HANDSHAKE_PATH: &str = "handshake";

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

/// The bytes of a message on the wire, at most `limit`.
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
    // Allocated as it arrives: the length is only the claim of the peer.
    let mut bytes = Vec::with_capacity(length.min(64 * 1024));
    let mut part = vec![0; length.min(64 * 1024)];
    while bytes.len() < length {
        let max = part.len().min(length - bytes.len());
        match stream.read(&mut part[..max]).await.map_err(broken)? {
            Some(count) => bytes.extend_from_slice(&part[..count]),
            None => return Err(broken("the message is cut short")),
        }
    }
    serde_cbor::from_slice(&bytes)
        .map_err(|error| Error::new(Code::PeerLost, format!("no message of Runar: {error}")))
}

/// Writes the one message of a stream.
pub async fn write(peer: &str, stream: &mut SendStream, frame: &[u8]) -> Result<()> {
    stream.write_all(frame).await.map_err(|error| lost(peer, error))?;
    stream.finish().map_err(|error| lost(peer, error))
}

async fn skip(stream: &mut RecvStream, length: usize) -> Result<()> {
    let mut left = length.min(MAX_SKIPPED);
    let mut part = vec![0; 64 * 1024];
    while left > 0 {
        let max = part.len().min(left);
        match stream.read(&mut part[..max]).await.map_err(broken)? {
            Some(count) => left -= count,
            None => break,
        }
    }
    Ok(())
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::new(Code::PeerLost, format!("the connection to the peer broke: {error}"))
}

pub fn handshake_of(message: &NetworkMessage) -> Result<HandshakeMessage> {
    let bytes = message
        .payloads
        .first()
        .filter(|_| message.message_type == MESSAGE_TYPE_HANDSHAKE)
        .map(|payload| payload.value_bytes.as_slice())
        .ok_or_else(|| Error::new(Code::PeerLost, "the peer did not introduce itself first"))?;
    serde_cbor::from_slice(bytes)
        .map_err(|error| Error::new(Code::PeerLost, format!("no handshake of Runar: {error}")))
}

/// The description in a message of a node that has changed.
pub fn node_info_of(message: &NetworkMessage) -> Option<NodeInfo> {
    let bytes = message.payloads.first()?.value_bytes.as_slice();
    node_info(bytes).or_else(|| {
        serde_cbor::from_slice::<HandshakeMessage>(bytes).ok().map(|message| message.node_info)
    })
}

pub fn node_info(bytes: &[u8]) -> Option<NodeInfo> {
    serde_cbor::from_slice(bytes).ok()
}

pub fn cbor<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_cbor::to_vec(value).map_err(|error| Error::new(Code::Value, error.to_string()))
}

/// The failure of a call, for a node of the core: the map that the core itself answers with, in a
/// message of the type for errors.
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

/// The result in a response. The core reports failures in a map like any other.
pub fn result(cipher: &PayloadCipher, response: &NetworkMessage) -> Result<Option<ArcValue>> {
    let Some(payload) = response.payloads.first() else {
        return Err(Error::new(Code::Remote, "the peer answered nothing"));
    };
    let value = match cipher.open(&payload.value_bytes) {
        Ok(value) => value,
        // The core's transport answers with a bare text when the call could not even be read.
        Err(error) => match serde_cbor::from_slice::<String>(&payload.value_bytes) {
            Ok(text) => return Err(remote(&text)),
            Err(_) => return Err(error),
        },
    };
    if ![MESSAGE_TYPE_ERROR, MESSAGE_TYPE_RESPONSE].contains(&response.message_type) {
        return Ok(value);
    }
    value.as_ref().and_then(error_of).map_or(Ok(value), Err)
}

/// The error that a map reports, if it reports one.
fn error_of(value: &ArcValue) -> Option<Error> {
    if value.category() != ValueCategory::Map {
        return None;
    }
    let map = value.as_map_ref().ok()?;
    let is_error = map.get("error")?.as_type_ref::<bool>().ok()?;
    (*is_error && map.len() == 2).then_some(())?;
    let message = map.get("message")?.as_type_ref::<String>().ok()?;
    Some(remote(&message))
}

/// The error that a node of the core tells of in a text, whose length it alone decides.
fn remote(text: &str) -> Error {
    const MAX_TEXT: usize = limit::MAX_ERROR_TEXT as usize;
    Error::new(Code::Remote, text.chars().take(MAX_TEXT).collect::<String>())
}
