//! A node's keys: made fresh, in memory.

use std::sync::Arc;

use runar_common::logging::{Component, Logger};
use runar_keys::{MobileKeyManager, NodeKeyManager};

/// What a node needs to prove who it is.
#[derive(Clone)]
pub struct Identity {
    /// The network that the keys belong to.
    pub network_id: String,
    /// `NodeKeyManagerState`, in the encoding that the core reads.
    pub key_state: Vec<u8>,
}

/// A network of one: its authority is made, enrols the node, and is forgotten.
pub fn ephemeral(label: &str) -> anyhow::Result<Identity> {
    let logger = Arc::new(Logger::new_root(Component::Keys, label));
    let mut authority = MobileKeyManager::new(logger.clone())?;
    authority.initialize_user_root_key()?;
    let network_id = authority.generate_network_data_key()?;

    let mut node = NodeKeyManager::new(logger)?;
    let request = node.generate_csr()?;
    node.install_certificate(authority.process_setup_token(&request)?)?;
    let network_key =
        authority.create_network_key_message(&network_id, &request.node_agreement_public_key)?;
    node.install_network_key(network_key)?;

    let key_state = bincode::serialize(&node.export_state())?;
    Ok(Identity { network_id, key_state })
}
