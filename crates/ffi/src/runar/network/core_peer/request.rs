//! A request to a node of the core.

use std::sync::Arc;

use anyhow::Context;
use quinn::{RecvStream, SendStream};
use tokio::time::timeout;

use super::wire;
use crate::error::Code;
use crate::runar::network::errors::{lost, not_answered};
use crate::runar::network::link::Link;
use crate::runar::network::Transport;
use crate::value::ArcValue;

impl Transport {
    /// Sends a request and waits for its response, on a task of its own, so that the caller may be
    /// dropped: the core takes a stream that is no longer read for the end of the connection.
    pub(in crate::runar::network) async fn request_core(
        self: &Arc<Self>,
        link: Arc<Link>,
        (mut send, mut receive): (SendStream, RecvStream),
        frame: Vec<u8>,
        path: &str,
    ) -> anyhow::Result<ArcValue> {
        let transport = self.clone();
        let wait = self.config.request_timeout_ms.duration();
        let response = tokio::spawn(async move {
            wire::write(&link.peer, &mut send, &frame).await?;
            drop(frame);
            let message = wire::read(&mut receive, transport.config.message_limit()).await;
            let message = message.map_err(|error| match error.code {
                Code::PeerLost => lost(&link.peer, &error.message),
                _ => error,
            })?;
            wire::result(&transport.cipher, &message)
        });
        let response = timeout(wait, response).await.map_err(|_| not_answered(path, wait))?;
        let response = response.context("the answer of a peer")?;
        let value = response.map_err(|error| error.at(path))?;
        Ok(value.unwrap_or_else(ArcValue::null))
    }
}
