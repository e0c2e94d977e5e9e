//! The keys of nodes and of the authorities of networks, and enrolment. All functions work on key
//! states as bytes, so that nothing native is left to be released.

mod encoding;
mod enrolment;
mod key_manager;
mod network;
mod node_identity;
mod node_keys;
#[cfg(test)]
mod tests;

use crate::error::Result;

pub use enrolment::{grant, install, request};
pub use network::{create as create_network, ids as network_ids, read as read_network};
pub use node_identity::Identity;
pub use node_keys::{create, read, NodeKeys};

/// The keys of a node or of an authority in the form in which the Rust CLI keeps them.
pub fn as_cbor(keys: &[u8]) -> Result<Vec<u8>> {
    network::as_cbor(keys).or_else(|_| node_keys::as_cbor(keys))
}
