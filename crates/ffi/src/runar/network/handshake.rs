//! The handshake: both sides of a new connection introduce themselves and prove their identity.

use std::sync::Arc;
use std::time::Duration;

use quinn::{Connection, ConnectionError, SendStream, VarInt};
use runar_common::compact_ids::compact_id;
use runar_node::network::discovery::NodeInfo;
use runar_node::network::transport::MESSAGE_TYPE_HANDSHAKE;
use serde_json::json;
use tokio::time::timeout;

use super::core_peer::channel::{CorePeerChannel, Envelope};
use super::core_peer::wire::{self, HandshakeMessage, Role, HANDSHAKE_PATH, MAX_CORE_MESSAGE};
use super::errors::{lost, not_connected};
use super::link::{Channel, Link};
use super::session::host::SessionHost;
use super::session::proof::{challenge, prove, Challenge};
use super::session::reader::{accept_calls, FrameReader};
use super::session::version::Versions;
use super::session::writer::open_calls;
use super::session::Session;
use super::{tls, Transport};
use crate::error::{Code, Error, Result};
use crate::protocol::CLOSE_VERSION_MISMATCH;

/// A connection after its handshake.
pub struct HandshakeOutcome {
    pub link: Arc<Link>,
    /// The description of the peer.
    pub info: NodeInfo,
    /// The stream of calls of a node of this SDK, when it is open already.
    pub calls: Option<FrameReader>,
}

/// Makes the link to a node of the core.
fn core_link(transport: &Arc<Transport>, connection: Connection, peer: String) -> Arc<Link> {
    tls::raise_stream_limits(&connection);
    let envelope = Envelope {
        own_id: transport.own_id.clone(),
        peer: peer.clone(),
        limit: transport.config.message_limit().min(MAX_CORE_MESSAGE),
    };
    let channel = CorePeerChannel::open(
        connection.clone(),
        envelope,
        transport.step_timeout(),
        transport.logger.clone(),
    );
    let authenticated = tls::proven_id(&connection).is_some();
    Arc::new(Link { connection, peer, authenticated, channel: Channel::Core(channel) })
}

/// Makes the link to a node of this SDK after all proofs. `calls` is this node's stream of calls,
/// when it is open already.
fn session_link(
    transport: &Arc<Transport>,
    connection: Connection,
    peer: String,
    calls: Option<SendStream>,
) -> Arc<Link> {
    tls::raise_stream_limits(&connection);
    let host: Arc<dyn SessionHost> = transport.clone();
    let session = Session::start(
        Arc::downgrade(&host),
        connection.clone(),
        &peer,
        transport.config.session_options(),
        transport.pending_replies.clone(),
        calls,
    );
    Arc::new(Link { connection, peer, authenticated: true, channel: Channel::Session(session) })
}

/// The message of one side, and the challenge in it.
struct Offer {
    frame: Vec<u8>,
    challenge: Challenge,
}

fn offer(
    transport: &Transport,
    connection: &Connection,
    to: &str,
    role: Role,
    id: String,
    proof: Option<Vec<u8>>,
) -> Result<Offer> {
    let challenge = challenge(&transport.cipher, connection)?;
    let ours = HandshakeMessage {
        node_info: transport.node_info(),
        // A nonce of zero would mean to the core that it does not know this connection yet.
        nonce: rand::random::<u64>() | 1,
        role,
        sdk: Some(transport.versions.newest),
        sdk_oldest: Some(transport.versions.oldest),
        challenge: Some(challenge.sealed.clone()),
        proof,
    };
    let ids = (transport.own_id.as_str(), to);
    let bytes = wire::cbor(&ours)?;
    let message = wire::message(MESSAGE_TYPE_HANDSHAKE, ids, HANDSHAKE_PATH.to_owned(), bytes, id);
    Ok(Offer { frame: wire::framed(&message, MAX_CORE_MESSAGE)?, challenge })
}

/// The challenge of a peer that gets a session: a node of this SDK that has proven its key and its
/// certificate.
fn session_challenge<'a>(
    theirs: &'a HandshakeMessage,
    connection: &Connection,
) -> Option<&'a [u8]> {
    let challenge = theirs.challenge.as_deref().filter(|_| theirs.sdk.is_some());
    challenge.filter(|_| tls::proven_id(connection).is_some())
}

/// The handshake of the side that dialled.
pub async fn initiate(
    transport: &Arc<Transport>,
    connection: Connection,
    expected: &str,
    wait: Duration,
) -> Result<HandshakeOutcome> {
    let id = wire::correlation_id();
    let ours = offer(transport, &connection, expected, Role::Initiator, id, None)?;
    let exchange = async {
        let opened = connection.open_bi().await;
        let (mut send, mut receive) = opened.map_err(|error| lost(expected, error))?;
        wire::write(expected, &mut send, &ours.frame).await?;
        wire::handshake_of(&wire::read(&mut receive, transport.config.message_limit()).await?)
    };
    let theirs = timeout(wait, exchange).await.unwrap_or_else(|_| {
        let message = format!("the peer {expected} did not introduce itself");
        Err(Error::new(Code::PeerUnreachable, message))
    });
    let theirs = match (theirs, connection.close_reason()) {
        (Err(_), Some(reason)) => {
            if let Some(theirs) = refused_versions(&reason) {
                return Err(transport.versions.mismatch(expected, theirs));
            }
            let address = connection.remote_address().to_string();
            return Err(not_connected(expected, &address, &reason));
        }
        (theirs, _) => theirs?,
    };
    check(transport, &theirs, Some(expected), &connection)?;
    check_version(transport, &theirs, expected)?;
    let peer = expected.to_owned();
    let link = match session_challenge(&theirs, &connection) {
        Some(challenge) => {
            ours.challenge.check(theirs.proof.as_deref().unwrap_or_default(), expected)?;
            let proof = prove(&transport.cipher, &connection, challenge)?;
            let calls = open_calls(&connection, &proof).await;
            let calls = calls.ok_or_else(|| lost(expected, "it was closed"))?;
            session_link(transport, connection, peer, Some(calls))
        }
        None => core_link(transport, connection, peer),
    };
    Ok(HandshakeOutcome { link, info: theirs.node_info, calls: None })
}

/// The handshake of the side that was dialled.
pub async fn accept(
    transport: &Arc<Transport>,
    connection: Connection,
    wait: Duration,
) -> Result<HandshakeOutcome> {
    const CALLER: &str = "that has called";
    let silent =
        || Error::new(Code::PeerUnreachable, "a peer that has called did not introduce itself");
    let received = async {
        let accepted = connection.accept_bi().await;
        let (send, mut receive) = accepted.map_err(|error| lost(CALLER, error))?;
        let message = wire::read(&mut receive, transport.config.message_limit()).await?;
        Ok((send, message))
    };
    let (mut send, message) = timeout(wait, received).await.unwrap_or_else(|_| Err(silent()))?;
    let theirs = wire::handshake_of(&message)?;
    let peer = compact_id(&theirs.node_info.node_public_key);
    check(transport, &theirs, None, &connection)?;
    if tls::proven_id(&connection).is_none() && !transport.config.accept_unauthenticated_peers {
        return Err(Error::new(
            Code::NotAccepted,
            format!("the peer {peer} has not proven who it is; it will be called back"),
        )
        .with_details(json!({
            "public_key": hex::encode(&theirs.node_info.node_public_key),
        })));
    }
    check_version(transport, &theirs, &peer)?;
    let challenged = session_challenge(&theirs, &connection);
    // Nodes of the core show no certificate when they dial. A peer with one is a node of this SDK,
    // which must give all proofs.
    if challenged.is_none() && tls::proven_id(&connection).is_some() {
        let why = format!("the peer {peer} does not prove that it has the key of the network");
        return Err(Error::new(Code::PeerIdentity, why));
    }
    let proof = challenged.map(|sealed| prove(&transport.cipher, &connection, sealed));
    let id = message.payloads.first().map(|payload| payload.correlation_id.clone());
    let id = id.unwrap_or_default();
    let ours = offer(transport, &connection, &peer, Role::Responder, id, proof.transpose()?)?;
    wire::write(CALLER, &mut send, &ours.frame).await?;
    if challenged.is_none() {
        let link = core_link(transport, connection, peer);
        return Ok(HandshakeOutcome { link, info: theirs.node_info, calls: None });
    }
    let proven = timeout(wait, accept_calls(&connection)).await;
    let (calls, proof) = proven.unwrap_or_else(|_| Err(silent()))?;
    ours.challenge.check(&proof, &peer)?;
    let link = session_link(transport, connection, peer, None);
    Ok(HandshakeOutcome { link, info: theirs.node_info, calls: Some(calls) })
}

/// Fails unless the certificate proves the id of the peer, and the peer belongs to the network.
fn check(
    transport: &Transport,
    theirs: &HandshakeMessage,
    expected: Option<&str>,
    connection: &Connection,
) -> Result<()> {
    let id = compact_id(&theirs.node_info.node_public_key);
    let proven = tls::proven_id(connection);
    let refused = |why: String| Err(Error::new(Code::PeerIdentity, why));
    if proven.as_ref().is_some_and(|proven| *proven != id)
        || expected.is_some_and(|expected| expected != id)
    {
        return refused(format!("the peer says it is {id}, which its certificate does not prove"));
    }
    if id == transport.own_id {
        return refused("the peer is this node itself".to_owned());
    }
    if !theirs.node_info.network_ids.contains(&transport.network_id) {
        return refused(format!(
            "the peer {id} belongs to {}, not to the network {}",
            shown(&theirs.node_info.network_ids),
            transport.network_id,
        ));
    }
    Ok(())
}

/// Fails unless a node of this SDK speaks a version that this node speaks.
fn check_version(transport: &Transport, theirs: &HandshakeMessage, peer: &str) -> Result<()> {
    match theirs.versions() {
        Some(versions) if transport.versions.agree(versions).is_none() => {
            Err(transport.versions.mismatch(peer, versions))
        }
        _ => Ok(()),
    }
}

/// Closes a connection whose handshake failed; the peer learns the reason.
pub fn close(transport: &Transport, connection: &Connection, error: &Error) {
    if error.code == Code::PeerVersion {
        let own = transport.versions.to_string();
        connection.close(VarInt::from_u32(CLOSE_VERSION_MISMATCH), own.as_bytes());
        return;
    }
    connection.close(VarInt::from_u32(1), error.message.as_bytes());
}

/// The versions of a peer that closed the connection because it does not speak those of this node.
fn refused_versions(reason: &ConnectionError) -> Option<Versions> {
    let ConnectionError::ApplicationClosed(close) = reason else { return None };
    if close.error_code != VarInt::from_u32(CLOSE_VERSION_MISMATCH) {
        return None;
    }
    Versions::parse(std::str::from_utf8(&close.reason).ok()?)
}

/// Network ids for a message, shortened.
fn shown(ids: &[String]) -> String {
    const MAX_IDS: usize = 3;
    const MAX_ID_LENGTH: usize = 60;
    let mut shown: Vec<_> = ids
        .iter()
        .take(MAX_IDS)
        .map(|id| format!("{:?}", id.chars().take(MAX_ID_LENGTH).collect::<String>()))
        .collect();
    if ids.len() > MAX_IDS {
        shown.push("…".to_owned());
    }
    if shown.is_empty() {
        shown.push("no network".to_owned());
    }
    shown.join(", ")
}
