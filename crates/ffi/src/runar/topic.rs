//! Paths and topics: without their network, and whether they fit a pattern.

use runar_node::TopicPath;

/// A path without its network. The core's `action_path` leaves nothing of a path of one part.
pub fn path_of(topic: &TopicPath) -> &str {
    without_network(topic.as_str())
}

pub fn without_network(full: &str) -> &str {
    full.split_once(':').map_or(full, |(_network, path)| path)
}

/// For paths that have one network, whichever it is.
const NETWORK: &str = "network";

/// Whether a topic is one of those that a pattern stands for.
pub fn is_of(topic: &str, pattern: &str) -> bool {
    let is_pattern = pattern.contains(['*', '>']);
    let parse = |path| TopicPath::new(path, NETWORK);
    is_pattern && parse(pattern).is_ok_and(|all| parse(topic).is_ok_and(|one| all.matches(&one)))
}

/// Whether a path is one of those that an action's name with variable parts stands for.
pub fn fits(template: &str, path: &str) -> bool {
    let parsed = TopicPath::new(path, NETWORK).ok().zip(TopicPath::new(template, NETWORK).ok());
    parsed.is_some_and(|(path, template)| path.matches_template(&template.action_path()))
}

/// Where a node of this SDK reads the streams of another; `sdk/src/streams.ts` has the same.
pub const READ_STREAM: &str = "$streams/read";
