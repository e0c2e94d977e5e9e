//! Errors of the config, in the terms of the config.

use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::nearest::nearest;
use crate::error::{Code, Error};

/// The error of a key.
pub fn refused(path: &str, what: &str) -> Error {
    Error::new(Code::Config, format!("config.{path}: {what}"))
        .with_details(Value::from_iter([("path", format!("config.{path}"))]))
}

/// Fields of Rust that have no key here, and why.
const NOT_TAKEN: [(&str, &str); 6] = [
    ("key_manager_state", "it belongs to the node's identity"),
    ("transport_type", "the core has one transport, QUIC"),
    ("load_balancer", "the core has one load balancer, round robin"),
    ("connection_idle_timeout", "set network_config.peer_timeout_ms instead"),
    ("keep_alive_interval", "it follows from network_config.peer_timeout_ms"),
    ("static", "the core does not implement it; name peers in network_config.peers"),
];

/// The error for a problem that serde found.
pub fn describe(path: &Path, problem: &str, config: &Value) -> Error {
    let keys = path.to_string();
    if problem.starts_with("unknown field") {
        return refused(&keys, &unknown_key(path, problem));
    }
    if let Some(key) = problem.strip_prefix("missing field ") {
        return refused(&keys, &format!("expected the key {}", key.trim_matches('`')));
    }
    let expected = match problem.rsplit_once("expected ").map_or(problem, |(_, expected)| expected)
    {
        "a sequence" => "an array",
        "a map" => "an object",
        expected => expected,
    };
    let what = format!("expected {expected}, got {}", shown(at(path, config)));
    if path.iter().len() == 0 {
        return Error::new(Code::Config, format!("config: {what}"));
    }
    refused(&keys, &what)
}

/// The suggestion for an unknown key; serde names the known ones in back quotes.
fn unknown_key(path: &Path, problem: &str) -> String {
    let key = match path.iter().next_back() {
        Some(Segment::Map { key }) => key.as_str(),
        _ => "",
    };
    let field = key.strip_suffix("_ms").unwrap_or(key);
    if let Some((_, reason)) = NOT_TAKEN.iter().find(|(name, _)| *name == field) {
        return format!("cannot be set: {reason}");
    }
    let known = problem.rsplit_once("`, expected ").map_or("", |(_, known)| known);
    let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    match nearest(key, known.iter().copied()) {
        Some(known) => format!("unknown key, did you mean {known}?"),
        None => format!("unknown key; known are {}", known.join(", ")),
    }
}

fn at<'a>(path: &Path, config: &'a Value) -> &'a Value {
    path.iter().fold(config, |value, segment| match segment {
        Segment::Map { key } => &value[key.as_str()],
        Segment::Seq { index } => &value[*index],
        Segment::Enum { .. } | Segment::Unknown => value,
    })
}

fn shown(value: &Value) -> String {
    const MAX_LENGTH: usize = 60;
    match value {
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().count() > MAX_LENGTH => {
            let start: String = text.chars().take(MAX_LENGTH).collect();
            Value::String(start + "…").to_string()
        }
        other => other.to_string(),
    }
}
