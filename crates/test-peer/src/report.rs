//! The reports of the peer: one line of JSON each.

use std::io::Write;

use serde_json::Value;

/// Writes one line. A failure means that the reader is gone.
pub fn report(event: Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{event}").and_then(|()| out.flush());
}
