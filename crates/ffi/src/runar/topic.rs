//! Paths and topics: without their network, and whether they fit a pattern.

use runar_node::TopicPath;

/// A path without its network. The core's `action_path` leaves nothing of a path of one part.
pub fn path_of(topic: &TopicPath) -> &str {
    without_network(topic.as_str())
}

pub fn without_network(full: &str) -> &str {
    full.split_once(':').map_or(full, |(_network, path)| path)
}

/// Any network will do for a comparison of paths.
const NETWORK: &str = "network";

/// Whether a topic matches a pattern with wildcards.
pub fn matches(topic: &str, pattern: &str) -> bool {
    let is_pattern = pattern.contains(['*', '>']);
    let parse = |path| TopicPath::new(path, NETWORK);
    is_pattern && parse(pattern).is_ok_and(|all| parse(topic).is_ok_and(|one| all.matches(&one)))
}

/// Whether a path matches the path of an action with variable parts.
pub fn fits(template: &str, path: &str) -> bool {
    let parsed = TopicPath::new(path, NETWORK).ok().zip(TopicPath::new(template, NETWORK).ok());
    parsed.is_some_and(|(path, template)| path.matches_template(&template.action_path()))
}

/// The path where a node of this SDK reads the streams of another; `sdk/src/runtime/streams.ts` has the
/// same.
pub const READ_STREAM_PATH: &str = "$streams/read";
