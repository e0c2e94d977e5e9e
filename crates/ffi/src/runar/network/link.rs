//! One connection to a peer: who is at its other end, and what goes over it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use quinn::{Connection, ConnectionError, RecvStream, SendStream, VarInt, WriteError};
use runar_common::compact_ids::compact_id;
use runar_node::network::discovery::NodeInfo;
use runar_node::network::transport::MESSAGE_TYPE_HANDSHAKE;
use serde_json::json;
use tokio::sync::{mpsc, oneshot, Notify};
use tokio::time::timeout;

use super::core_peer::wire::{self, Handshake, Role, CORE_LIMIT, SESSION_VERSION};
use super::session::{self, Challenge, FrameReader, Session};
use super::{tls, Transport};
use crate::error::{Code, Error, Result};

/// Events that wait to be sent to one peer; publishers wait when there are more.
const EVENTS: usize = 1024;

/// What the core writes for a path where there is none.
const HANDSHAKE_PATH: &str = "handshake";

pub struct Link {
    pub connection: Connection,
    pub peer: String,
    /// Whether the peer has proven to be the node that it says it is.
    pub authenticated: bool,
    carrier: Carrier,
}

/// How messages reach the peer.
enum Carrier {
    /// As the core has it.
    Wire { outgoing: mpsc::Sender<Outgoing>, news: Arc<Notify> },
    /// The peer is a node of this SDK.
    Session(Arc<Session>),
}

enum Outgoing {
    Event(Vec<u8>),
    /// ResponseCallback once all before it has arrived.
    Flush(oneshot::Sender<()>),
}

/// A connection on which both sides have introduced themselves.
pub struct HandshakeOutcome {
    pub link: Arc<Link>,
    pub info: NodeInfo,
    /// The stream of calls of a node of this SDK, when it is open already.
    pub calls: Option<FrameReader>,
}

/// Sends what nobody answers, in its order, until the connection ends.
async fn pump(
    network: Weak<Transport>,
    link: Weak<Link>,
    mut outgoing: mpsc::Receiver<Outgoing>,
    news: Arc<Notify>,
) {
    let mut last: Option<SendStream> = None;
    loop {
        let next = tokio::select! {
            next = outgoing.recv() => next,
            () = news.notified() => None,
        };
        let (Some(network), Some(link)) = (network.upgrade(), link.upgrade()) else {
            return;
        };
        let frame = match next {
            Some(Outgoing::Event(frame)) => Ok(frame),
            Some(Outgoing::Flush(done)) => {
                if let Some(stream) = last.take() {
                    // However it ended, there is nothing more to wait for.
                    let _ = stream.stopped().await;
                }
                // Whoever asked may have given up.
                let _ = done.send(());
                continue;
            }
            None if outgoing.is_closed() => return,
            // The news that this node has changed.
            None => wire::cbor(&network.description()).and_then(|bytes| {
                link.frame(&network, MESSAGE_TYPE_HANDSHAKE, HANDSHAKE_PATH, &bytes)
            }),
        };
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) => {
                network.logger.warn(format!("{} does not hear the news: {error}", link.peer));
                continue;
            }
        };
        match timeout(network.step_timeout(), send_one_way(&link.connection, &frame)).await {
            Ok(Ok(stream)) => last = Some(stream),
            // The peer did not want this one; it may want the next.
            Ok(Err(WriteError::Stopped(_))) => (),
            Ok(Err(error)) => {
                let lost = 1 + outgoing.len();
                let peer = &link.peer;
                network
                    .logger
                    .warn(format!("{lost} events did not reach the peer {peer}: {error}"));
                return;
            }
            // A listener that hangs, in a peer of the core, uses up what may be sent.
            Err(_) => {
                network.logger.warn(format!("the peer {} takes no events: closed", link.peer));
                link.close("takes no events");
                return;
            }
        }
    }
}

impl Link {
    /// A link to a node of the core.
    fn wire(network: &Arc<Transport>, connection: Connection, peer: String) -> Arc<Self> {
        let (outgoing, waiting) = mpsc::channel(EVENTS);
        let news = Arc::new(Notify::new());
        tls::trust(&connection);
        let link = Arc::new(Self {
            authenticated: tls::proven_id(&connection).is_some(),
            connection,
            peer,
            carrier: Carrier::Wire { outgoing, news: news.clone() },
        });
        let (network, weak) = (Arc::downgrade(network), Arc::downgrade(&link));
        tokio::spawn(pump(network, weak, waiting, news));
        link
    }

    /// A link to a node of this SDK that has proven all that it has to. `calls` is our stream of
    /// calls, when it is open already.
    fn session(
        network: &Arc<Transport>,
        connection: Connection,
        peer: String,
        calls: Option<SendStream>,
    ) -> Arc<Self> {
        tls::trust(&connection);
        let limits = network.config.session_limits();
        let session = Session::start(connection.clone(), &peer, limits, calls);
        Arc::new(Self { connection, peer, authenticated: true, carrier: Carrier::Session(session) })
    }

    /// What is spoken with a node of this SDK.
    pub fn as_session(&self) -> Option<&Arc<Session>> {
        match &self.carrier {
            Carrier::Session(session) => Some(session),
            Carrier::Wire { .. } => None,
        }
    }

    /// The largest message that a node of the core takes and we send.
    pub fn limit(&self, network: &Transport) -> usize {
        network.config.message_limit().min(CORE_LIMIT)
    }

    /// A message to the peer, as it goes over the wire.
    pub fn frame(
        &self,
        network: &Transport,
        kind: u32,
        path: &str,
        bytes: &[u8],
    ) -> Result<Vec<u8>> {
        let own = (network.own_id.as_str(), self.peer.as_str());
        let id = wire::correlation_id();
        let message = wire::message(kind, own, path.to_owned(), bytes.to_vec(), id);
        wire::framed(&message, self.limit(network))
    }

    /// Queues an event behind those before it.
    pub async fn tell(&self, frame: Vec<u8>) -> Result<()> {
        let Carrier::Wire { outgoing, .. } = &self.carrier else { return Ok(()) };
        let queued = outgoing.send(Outgoing::Event(frame)).await;
        queued.map_err(|_| lost(&self.peer, "it is closed"))
    }

    /// Has the peer told, soon, what this node offers and listens to now.
    pub fn send_node_update(&self, description: &[u8]) {
        match &self.carrier {
            Carrier::Wire { news, .. } => news.notify_one(),
            Carrier::Session(session) => session.send_node_update(description),
        }
    }

    /// Waits until the peer has all that is queued.
    pub async fn flush(&self) {
        let outgoing = match &self.carrier {
            Carrier::Wire { outgoing, .. } => outgoing,
            Carrier::Session(session) => return session.flush().await,
        };
        let (done, flushed) = oneshot::channel();
        if outgoing.send(Outgoing::Flush(done)).await.is_ok() {
            // A connection that ends meanwhile has nothing more to wait for.
            let _ = flushed.await;
        }
    }

    /// How many calls the peer has not answered, as far as that is known.
    pub fn in_flight(&self) -> usize {
        self.as_session().map_or(0, |session| session.in_flight())
    }

    pub fn is_open(&self) -> bool {
        self.connection.close_reason().is_none()
    }

    pub fn close(&self, reason: &str) {
        // Closed a second time, it would forget why it was closed.
        if self.is_open() {
            self.connection.close(VarInt::from_u32(0), reason.as_bytes());
        }
    }

    /// Makes room for a request. Until then nobody can have begun with it.
    pub async fn open(&self) -> Result<(SendStream, RecvStream)> {
        self.connection.open_bi().await.map_err(|error| lost(&self.peer, error))
    }
}

async fn send_one_way(
    connection: &Connection,
    frame: &[u8],
) -> std::result::Result<SendStream, WriteError> {
    let mut stream = connection.open_uni().await.map_err(WriteError::ConnectionLost)?;
    stream.write_all(frame).await?;
    // Fails only when it was finished or reset before.
    let _ = stream.finish();
    Ok(stream)
}

/// Sends all that a stream is to carry.
pub async fn write(peer: &str, stream: &mut SendStream, frame: &[u8]) -> Result<()> {
    stream.write_all(frame).await.map_err(|error| lost(peer, error))?;
    stream.finish().map_err(|error| lost(peer, error))
}

pub fn lost(peer: &str, why: impl std::fmt::Display) -> Error {
    Error::new(Code::PeerLost, format!("the connection to the peer {peer} was lost: {why}"))
        .with_details(json!({ "peer": peer, "mayHaveRun": true }))
}

/// The same for a call that the peer cannot have begun with.
pub fn not_sent(peer: &str) -> Error {
    let text = format!("the connection to the peer {peer} was lost before the call was sent");
    Error::new(Code::PeerLost, text).with_details(json!({ "peer": peer, "mayHaveRun": false }))
}

/// Why a connection did not come about, or broke before both sides knew each other.
pub fn not_connected(peer: &str, address: &str, error: &ConnectionError) -> Error {
    let text = match error {
        ConnectionError::TimedOut => "nobody answered".to_owned(),
        other => other.to_string(),
    };
    let theirs = match error {
        // What TLS refuses comes under the codes from 0x100 on.
        ConnectionError::ConnectionClosed(frame) => {
            (0x100..0x200).contains(&u64::from(frame.error_code))
        }
        _ => false,
    };
    let details = json!({ "peer": peer, "address": address });
    if theirs {
        return Error::new(
            Code::PeerIdentity,
            format!("{address}: the peer does not accept this node's certificate ({text})"),
        )
        .with_details(details);
    }
    match text.split_once(tls::REFUSED) {
        Some((_, why)) => {
            let why = why.trim_end_matches([')', '"']);
            Error::new(Code::PeerIdentity, format!("{address}: {}{why}", tls::REFUSED))
        }
        None => Error::new(Code::PeerUnreachable, format!("{address}: {text}")),
    }
    .with_details(details)
}

/// What one side says of itself, and what it says for the other to prove.
struct Introduction {
    frame: Vec<u8>,
    challenge: Challenge,
}

fn introduction(
    network: &Transport,
    connection: &Connection,
    to: &str,
    role: Role,
    id: String,
    proof: Option<Vec<u8>>,
) -> Result<Introduction> {
    let challenge = session::challenge(&network.cipher, connection)?;
    let said = Handshake {
        node_info: network.description(),
        // A nonce of zero would mean to the core that it does not know this connection yet.
        nonce: rand::random::<u64>() | 1,
        role,
        sdk: Some(SESSION_VERSION),
        challenge: Some(challenge.sealed.clone()),
        proof,
    };
    let own = (network.own_id.as_str(), to);
    let bytes = wire::cbor(&said)?;
    let message = wire::message(MESSAGE_TYPE_HANDSHAKE, own, HANDSHAKE_PATH.to_owned(), bytes, id);
    Ok(Introduction { frame: wire::framed(&message, CORE_LIMIT)?, challenge })
}

/// The challenge of a peer with whom there is to be a session: a node of this SDK that has proven
/// its key and its certificate.
fn session_challenge<'a>(said: &'a Handshake, connection: &Connection) -> Option<&'a [u8]> {
    let challenge = said.challenge.as_deref().filter(|_| said.sdk.is_some());
    challenge.filter(|_| tls::proven_id(connection).is_some())
}

/// Introduces us to the peer that we have called.
pub async fn introduce(
    network: &Arc<Transport>,
    connection: Connection,
    expected: &str,
    wait: Duration,
) -> Result<HandshakeOutcome> {
    let id = wire::correlation_id();
    let own = introduction(network, &connection, expected, Role::Initiator, id, None)?;
    let exchange = async {
        let opened = connection.open_bi().await;
        let (mut send, mut receive) = opened.map_err(|error| lost(expected, error))?;
        write(expected, &mut send, &own.frame).await?;
        wire::handshake_of(&wire::read(&mut receive, network.config.message_limit()).await?)
    };
    let said = timeout(wait, exchange).await.unwrap_or_else(|_| {
        let message = format!("the peer {expected} did not introduce itself");
        Err(Error::new(Code::PeerUnreachable, message))
    });
    let said = match (said, connection.close_reason()) {
        (Err(_), Some(reason)) => {
            let address = connection.remote_address().to_string();
            return Err(not_connected(expected, &address, &reason));
        }
        (said, _) => said?,
    };
    check(network, &said, Some(expected), &connection)?;
    let peer = expected.to_owned();
    let link = match session_challenge(&said, &connection) {
        Some(challenge) => {
            own.challenge.check(said.proof.as_deref().unwrap_or_default(), expected)?;
            let proof = session::prove(&network.cipher, &connection, challenge)?;
            let calls = session::begin_calls(&connection, &proof).await;
            let calls = calls.ok_or_else(|| lost(expected, "it was closed"))?;
            Link::session(network, connection, peer, Some(calls))
        }
        None => Link::wire(network, connection, peer),
    };
    Ok(HandshakeOutcome { link, info: said.node_info, calls: None })
}

/// Waits for a peer that has called to introduce itself, and answers.
pub async fn welcome(
    network: &Arc<Transport>,
    connection: Connection,
    wait: Duration,
) -> Result<HandshakeOutcome> {
    const CALLER: &str = "that has called";
    let silent =
        || Error::new(Code::PeerUnreachable, "a peer that has called did not introduce itself");
    let heard = async {
        let accepted = connection.accept_bi().await;
        let (send, mut receive) = accepted.map_err(|error| lost(CALLER, error))?;
        let message = wire::read(&mut receive, network.config.message_limit()).await?;
        Ok((send, message))
    };
    let (mut send, message) = timeout(wait, heard).await.unwrap_or_else(|_| Err(silent()))?;
    let said = wire::handshake_of(&message)?;
    let peer = compact_id(&said.node_info.node_public_key);
    check(network, &said, None, &connection)?;
    if tls::proven_id(&connection).is_none() && !network.config.accept_unauthenticated_peers {
        return Err(Error::new(
            Code::NotAccepted,
            format!("the peer {peer} has not proven who it is; it will be called back"),
        )
        .with_details(json!({
            "public_key": hex::encode(&said.node_info.node_public_key),
        })));
    }
    let challenged = session_challenge(&said, &connection);
    // Nodes of the core show no certificate when they call. Whoever does is a node of this SDK, and
    // has to prove all that one has to.
    if challenged.is_none() && tls::proven_id(&connection).is_some() {
        let why = format!("the peer {peer} does not prove that it has the key of the network");
        return Err(Error::new(Code::PeerIdentity, why));
    }
    let proof = challenged.map(|sealed| session::prove(&network.cipher, &connection, sealed));
    let id = message.payloads.first().map(|payload| payload.correlation_id.clone());
    let id = id.unwrap_or_default();
    let own = introduction(network, &connection, &peer, Role::Responder, id, proof.transpose()?)?;
    write(CALLER, &mut send, &own.frame).await?;
    if challenged.is_none() {
        let link = Link::wire(network, connection, peer);
        return Ok(HandshakeOutcome { link, info: said.node_info, calls: None });
    }
    let proven = timeout(wait, session::first_of_calls(&connection)).await;
    let (calls, proof) = proven.unwrap_or_else(|_| Err(silent()))?;
    own.challenge.check(&proof, &peer)?;
    let link = Link::session(network, connection, peer, None);
    Ok(HandshakeOutcome { link, info: said.node_info, calls: Some(calls) })
}

/// Whether the peer is who it says it is, and one whom we have anything to do with.
fn check(
    network: &Transport,
    said: &Handshake,
    expected: Option<&str>,
    connection: &Connection,
) -> Result<()> {
    let id = compact_id(&said.node_info.node_public_key);
    let proven = tls::proven_id(connection);
    let refused = |why: String| Err(Error::new(Code::PeerIdentity, why));
    if proven.as_ref().is_some_and(|proven| *proven != id)
        || expected.is_some_and(|expected| expected != id)
    {
        return refused(format!("the peer says it is {id}, which its certificate does not prove"));
    }
    if id == network.own_id {
        return refused("the peer is this node itself".to_owned());
    }
    if !said.node_info.network_ids.contains(&network.network_id) {
        return refused(format!(
            "the peer {id} belongs to {}, not to the network {}",
            shown(&said.node_info.network_ids),
            network.network_id,
        ));
    }
    Ok(())
}

/// What a stranger says, as far as it is worth to be shown.
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
