//! Who a node is: its keys, what is read from them, and how it becomes a member of a network.
//! Everything here works on states as bytes, so that nothing native is left to be released.

mod encoding;
mod enrolment;
mod network;
mod node_keys;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use runar_common::logging::{Component, Logger};
use runar_keys::{KeyError, MobileKeyManager, NodeKeyManager};

pub use enrolment::{grant, install, request};
pub use network::{create as create_network, ids as network_ids, read as read_network};
pub use node_keys::{create, read, NodeKeys};

use crate::config::Config;
use crate::error::{Code, Error, Result};

/// What a node needs to prove who it is.
#[derive(Clone)]
pub struct Identity {
    /// The network that the keys belong to.
    pub network_id: String,
    /// `NodeKeyManagerState`, in the encoding that the core reads.
    pub key_state: Vec<u8>,
}

impl Identity {
    /// The identity of these keys, when a node with this config may run with it now.
    pub fn for_node(key_state: &[u8], config: &Config) -> Result<Self> {
        let keys = NodeKeys::read(key_state)?;
        keys.check_certificate()?;
        let network_id = keys.choose_network(config.default_network_id.as_deref())?;
        Ok(Self { network_id, key_state: keys.to_bytes()? })
    }

    /// Refuses an identity whose certificate has expired since it was looked at.
    pub fn check(&self) -> Result<()> {
        NodeKeys::read(&self.key_state)?.check_certificate()
    }

    /// A network of one: its authority is made, enrols the node, and is forgotten.
    pub fn ephemeral(label: &str) -> anyhow::Result<Self> {
        let logger = logger(label);
        let mut authority = MobileKeyManager::new(logger.clone())?;
        authority.initialize_user_root_key()?;
        let network_id = authority.generate_network_data_key()?;

        let mut node = NodeKeyManager::new(logger)?;
        let request = node.generate_csr()?;
        node.install_certificate(authority.process_setup_token(&request)?)?;
        let network_key = authority
            .create_network_key_message(&network_id, &request.node_agreement_public_key)?;
        node.install_network_key(network_key)?;

        let key_state = bincode::serialize(&node.export_state())?;
        Ok(Self { network_id, key_state })
    }
}

fn logger(label: &str) -> Arc<Logger> {
    Arc::new(Logger::new_root(Component::Keys, label))
}

/// The keys of a node or of an authority in the form in which the Rust CLI keeps them.
pub fn as_cbor(keys: &[u8]) -> Result<Vec<u8>> {
    network::as_cbor(keys).or_else(|_| node_keys::as_cbor(keys))
}

/// Records of keys that no node has yet.
const LABEL: &str = "identity";

/// A step of the core's key managers that failed on sound keys.
fn failed(error: KeyError) -> Error {
    Error::new(Code::Keys, error.to_string())
}
