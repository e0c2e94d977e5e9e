//! A connected peer, from the end of its handshake to the end of its connection.

use std::sync::Arc;
use std::time::Duration;

use super::core_peer::wire;
use super::handshake::HandshakeOutcome;
use super::link::Link;
use super::{peers, Transport};

/// The minimum time between two updates of this node's description.
const NODE_UPDATE_INTERVAL: Duration = Duration::from_millis(20);

impl Transport {
    /// Adds a peer, and serves its connection until that ends.
    pub(super) async fn attach(self: &Arc<Self>, outcome: HandshakeOutcome) {
        let HandshakeOutcome { link, info, calls } = outcome;
        let is_new = !self.peers.is_connected(&link.peer);
        if is_new && self.peers.count() >= self.config.max_connections.0 as usize {
            link.close("no more peers are taken");
            return;
        }
        self.delegate.add_remote_actions(peers::action_paths(&info).collect()).await;
        self.delegate.peer_changed(self.peers.attach(link.clone(), info));
        // Changes since the handshake were sent only to the peers of that moment.
        self.send_node_update(std::slice::from_ref(&link));
        let transport = self.clone();
        tokio::spawn(async move {
            match link.as_session() {
                Some(session) => session.receive(calls).await,
                None => transport.serve(&link).await,
            }
            link.close("over");
            let change = transport.peers.detach(&link);
            // From here on no call finds the session.
            transport.end_session(&link);
            if let Some(change) = change {
                transport.delegate.peer_changed(change);
            }
        });
    }

    fn end_session(&self, link: &Link) {
        let Some(session) = link.as_session() else { return };
        let why = link.connection.close_reason().map(|reason| reason.to_string());
        let lost = session.end(why.as_deref().unwrap_or("it is closed"));
        if lost > 0 {
            let peer = &link.peer;
            self.logger.warn(format!("{lost} events did not reach the peer {peer}"));
        }
    }

    /// Sends changes of this node's description to all peers.
    pub(super) async fn send_node_updates(self: Arc<Self>) {
        loop {
            self.description_changed.notified().await;
            self.send_node_update(&self.peers.links());
            tokio::time::sleep(NODE_UPDATE_INTERVAL).await;
        }
    }

    fn send_node_update(&self, links: &[Arc<Link>]) {
        match wire::cbor(&self.node_info()) {
            Ok(description) => {
                links.iter().for_each(|link| link.send_node_update(&description));
            }
            Err(error) => self.logger.warn(format!("peers do not hear the news: {error}")),
        }
    }
}
