//! What the peer tells whoever started it: a line of JSON for each thing that happens.

use std::io::Write;

use serde_json::Value;

/// Writes one line. With nobody left to read it there is nobody left to tell.
pub fn report(event: Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{event}").and_then(|()| out.flush());
}
