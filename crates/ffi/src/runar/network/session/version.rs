//! The version of a session: both sides take the newest that both speak.

use std::fmt;

use serde_json::json;

use crate::error::{Code, Error};
use crate::protocol::{MAX_SESSION_VERSION, MIN_SESSION_VERSION};

/// The versions of the session protocol that a node speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    pub oldest: u32,
    pub newest: u32,
}

impl Versions {
    /// The versions of this build.
    pub const OWN: Self = Self { oldest: MIN_SESSION_VERSION, newest: MAX_SESSION_VERSION };

    /// The newest version that both sides speak.
    pub fn agree(self, theirs: Self) -> Option<u32> {
        let newest = self.newest.min(theirs.newest);
        (newest >= self.oldest.max(theirs.oldest)).then_some(newest)
    }

    /// Parses the text of `Display`.
    pub fn parse(text: &str) -> Option<Self> {
        let (oldest, newest) = text.split_once(" to ").unwrap_or((text, text));
        Some(Self { oldest: oldest.parse().ok()?, newest: newest.parse().ok()? })
    }

    /// The failure of two sides without a common version.
    pub fn mismatch(self, peer: &str, theirs: Self) -> Error {
        let text = format!(
            "the peer {peer} speaks version {theirs} of the session protocol, and this node {self}; \
             update the older node"
        );
        let range = |versions: Self| json!([versions.oldest, versions.newest]);
        let details = json!({ "peer": peer, "own": range(self), "peers": range(theirs) });
        Error::new(Code::PeerVersion, text).with_details(details)
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.oldest == self.newest {
            return self.newest.fmt(f);
        }
        write!(f, "{} to {}", self.oldest, self.newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(oldest: u32, newest: u32) -> Versions {
        Versions { oldest, newest }
    }

    #[test]
    fn both_sides_take_the_newest_common_version() {
        for (ours, theirs, agreed) in [
            (versions(1, 1), versions(1, 1), Some(1)),
            (versions(1, 3), versions(2, 5), Some(3)),
            (versions(2, 2), versions(1, 9), Some(2)),
            (versions(1, 2), versions(3, 4), None),
            (versions(0, u32::MAX), versions(7, 7), Some(7)),
            // A made-up range that is none.
            (versions(1, 2), versions(9, 1), None),
        ] {
            assert_eq!(ours.agree(theirs), agreed, "{ours} and {theirs}");
            assert_eq!(theirs.agree(ours), agreed, "{theirs} and {ours}");
        }
    }

    #[test]
    fn the_text_of_a_range_is_parsed_back() {
        for range in [versions(2, 2), versions(1, 3)] {
            assert_eq!(Versions::parse(&range.to_string()), Some(range));
        }
        assert_eq!(Versions::parse("the node is busy"), None);
    }
}
