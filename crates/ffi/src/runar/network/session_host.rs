//! What sessions need of the transport.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use runar_node::network::discovery::NodeInfo;

use super::session::host::SessionHost;
use super::session::outbound::OutboundCall;
use super::Transport;
use crate::error::{Error, Result};
use crate::peer_call::{Caller, CancelOnDrop, Payload, ResponseCallback};

impl SessionHost for Transport {
    fn update<'a>(&'a self, peer: &'a str, info: NodeInfo) -> BoxFuture<'a, ()> {
        Box::pin(Transport::update(self, peer, true, info))
    }

    fn admit(&self, topic: &str) -> Result<()> {
        self.check_admitted(topic)
    }

    fn retry(&self, call: &Arc<OutboundCall>, error: Error) {
        self.call_next_peer(call, error);
    }

    fn deliver_call(
        &self,
        caller: Caller,
        path: String,
        payload: Payload,
        respond: ResponseCallback,
    ) -> CancelOnDrop {
        self.delegate.serve(caller, path, payload, respond)
    }

    fn deliver_event(&self, peer: &str, topic: &str, payload: Payload) {
        if let Err(error) = self.delegate.deliver(topic, &payload, false) {
            self.logger.warn(format!("an event of the peer {peer} is lost: {error}"));
        }
    }

    fn capacity(&self) -> BoxFuture<'static, ()> {
        self.delegate.capacity()
    }

    fn warn(&self, message: String) {
        self.warn_throttled(message);
    }
}
