//! A link: one connection to a peer after the handshake.

use std::sync::Arc;

use quinn::{Connection, VarInt};

use super::core_peer::channel::CorePeerChannel;
use super::session::Session;

pub struct Link {
    pub connection: Connection,
    /// The id of the peer.
    pub peer: String,
    /// Whether the peer has proven its identity.
    pub authenticated: bool,
    pub channel: Channel,
}

/// How messages reach the peer.
pub enum Channel {
    /// The peer runs the core without this SDK.
    Core(CorePeerChannel),
    Session(Arc<Session>),
}

impl Link {
    /// The session, when the peer is a node of this SDK.
    pub fn as_session(&self) -> Option<&Arc<Session>> {
        match &self.channel {
            Channel::Session(session) => Some(session),
            Channel::Core(_) => None,
        }
    }

    /// Sends the description of this node.
    pub fn send_node_update(&self, description: &[u8]) {
        match &self.channel {
            Channel::Core(channel) => channel.send_node_update(description),
            Channel::Session(session) => session.send_node_update(description),
        }
    }

    /// Waits until the peer has everything that is queued.
    pub async fn flush(&self) {
        match &self.channel {
            Channel::Core(channel) => channel.flush().await,
            Channel::Session(session) => session.flush().await,
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
        // Closed a second time, the connection would forget why it was closed.
        if self.is_open() {
            self.connection.close(VarInt::from_u32(0), reason.as_bytes());
        }
    }
}
