//! Accepting connections.

use std::sync::Arc;

use tokio::time::timeout;

use super::{handshake, Transport};
use crate::error::Code;

/// How many connections may be in their handshake at a time, so that unauthenticated ones cannot
/// take the places of peers.
pub const MAX_PENDING_HANDSHAKES: usize = 32;

/// From this many pending handshakes on, a connection must first show that it receives packets at
/// its address.
const ADDRESS_VALIDATION_THRESHOLD: usize = 8;

impl Transport {
    pub(super) async fn accept(self: Arc<Self>) {
        while let Some(incoming) = self.endpoint.accept().await {
            let Ok(permit) = self.handshake_permits.clone().try_acquire_owned() else {
                incoming.refuse();
                continue;
            };
            let is_busy = self.handshake_permits.available_permits() + ADDRESS_VALIDATION_THRESHOLD
                < MAX_PENDING_HANDSHAKES;
            if is_busy && !incoming.remote_address_validated() {
                // A node that is really there comes again.
                let _ = incoming.retry();
                continue;
            }
            if self.peers.count() >= self.config.max_connections.0 as usize {
                incoming.refuse();
                continue;
            }
            let transport = self.clone();
            // On a task of its own, so that a silent connection delays no other.
            tokio::spawn(async move {
                let _permit = permit;
                let wait =
                    transport.step_timeout().min(transport.config.peer_timeout_ms.duration());
                let Ok(Ok(connection)) = timeout(wait, incoming).await else {
                    return;
                };
                let from = connection.remote_address();
                match handshake::accept(&transport, connection.clone(), wait).await {
                    Ok(outcome) => transport.attach(outcome).await,
                    Err(error) => {
                        let message = format!("{from} is turned away: {error}");
                        match error.code {
                            Code::PeerIdentity | Code::PeerVersion => {
                                transport.warn_throttled(message);
                            }
                            _ => transport.logger.debug(message),
                        }
                        handshake::close(&transport, &connection, &error);
                        transport.dial_back(&error, from);
                    }
                }
            });
        }
    }
}
