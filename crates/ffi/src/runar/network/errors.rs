//! The errors of connections and of calls over them.

use std::time::Duration;

use quinn::ConnectionError;
use serde_json::json;

use super::tls;
use crate::error::{Code, Error, Result};

pub fn lost(peer: &str, why: impl std::fmt::Display) -> Error {
    Error::new(Code::PeerLost, format!("the connection to the peer {peer} was lost: {why}"))
        .with_details(json!({ "peer": peer, "mayHaveRun": true }))
}

/// The error of a call that the peer cannot have begun.
pub fn not_sent(peer: &str) -> Error {
    let text = format!("the connection to the peer {peer} was lost before the call was sent");
    Error::new(Code::PeerLost, text).with_details(json!({ "peer": peer, "mayHaveRun": false }))
}

/// The error of a connection that was not established, or broke before the handshake was over.
pub fn not_connected(peer: &str, address: &str, error: &ConnectionError) -> Error {
    let text = match error {
        ConnectionError::TimedOut => "nobody answered".to_owned(),
        other => other.to_string(),
    };
    let theirs = match error {
        // Failures of TLS have the codes from 0x100 on.
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

/// The error of a call whose time is over.
pub fn not_answered(path: &str, timeout: Duration) -> Error {
    let text = format!("{path}: the peer has not answered within {} ms", timeout.as_millis());
    Error::new(Code::Timeout, text)
}

/// Fails when a payload, a result or an event is larger than `limit`.
pub fn check_size(size: usize, limit: usize) -> Result<()> {
    if size <= limit {
        return Ok(());
    }
    let text = format!(
        "is too large: {size} bytes, where {limit} may go; send it in parts, or raise \
         max_payload_size on both nodes"
    );
    Err(Error::new(Code::TooLarge, text).with_details(json!({ "bytes": size, "limit": limit })))
}
