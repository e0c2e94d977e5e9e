//! The identity that a node runs with.

use runar_keys::{MobileKeyManager, NodeKeyManager};

use super::key_manager::logger;
use super::node_keys::NodeKeys;
use crate::config::Config;
use crate::error::Result;

#[derive(Clone)]
pub struct Identity {
    /// The network that the keys belong to.
    pub network_id: String,
    /// `NodeKeyManagerState`, in the encoding that the core reads.
    pub key_state: Vec<u8>,
}

impl Identity {
    /// The identity of these keys, if a node with this config may run with it now.
    pub fn for_node(key_state: &[u8], config: &Config) -> Result<Self> {
        let keys = NodeKeys::read(key_state)?;
        keys.check_certificate()?;
        let network_id = keys.choose_network(config.default_network_id.as_deref())?;
        Ok(Self { network_id, key_state: keys.to_bytes()? })
    }

    /// Fails when the certificate has expired since the identity was made.
    pub fn check(&self) -> Result<()> {
        NodeKeys::read(&self.key_state)?.check_certificate()
    }

    /// The identity of a node in a network of its own, whose authority is forgotten.
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
