//! The authority of a network: the keys that make nodes its members.

use std::collections::HashMap;

use runar_keys::mobile::MobileKeyManagerState;
use runar_keys::MobileKeyManager;
use serde::Deserialize;

use super::encoding;
use super::key_manager::{failed, logger, LABEL};
use crate::error::{Code, Error, Result};

/// The first fields of `MobileKeyManagerState`, which are private, up to the last that is needed.
#[derive(Deserialize)]
struct FirstFields {
    _ca_key_pair: Vec<u8>,
    _ca_certificate: Vec<u8>,
    _user_root_key: Option<Vec<u8>>,
    _user_root_agreement: Option<Vec<u8>>,
    _user_profile_keys: HashMap<String, Vec<u8>>,
    _user_profile_agreements: HashMap<String, Vec<u8>>,
    _label_to_pid: HashMap<String, String>,
    network_data_keys: HashMap<String, Vec<u8>>,
}

/// The state of a new authority, with one network.
pub fn create() -> Result<Vec<u8>> {
    let mut authority = MobileKeyManager::new(logger(LABEL)).map_err(failed)?;
    authority.initialize_user_root_key().map_err(failed)?;
    authority.generate_network_data_key().map_err(failed)?;
    to_bytes(&authority)
}

/// A state in any of its forms as the core writes it.
pub fn read(bytes: &[u8]) -> Result<Vec<u8>> {
    encoding::to_bincode(&state(bytes)?)
}

pub fn as_cbor(bytes: &[u8]) -> Result<Vec<u8>> {
    encoding::to_cbor(&state(bytes)?)
}

pub fn open(bytes: &[u8]) -> Result<MobileKeyManager> {
    MobileKeyManager::from_state(state(bytes)?, logger(LABEL)).map_err(failed)
}

pub fn to_bytes(authority: &MobileKeyManager) -> Result<Vec<u8>> {
    encoding::to_bincode(&authority.export_state())
}

/// The networks of the authority, in alphabetical order.
pub fn ids(bytes: &[u8]) -> Result<Vec<String>> {
    let fields: FirstFields = bincode::deserialize(&read(bytes)?).map_err(|_| {
        Error::new(Code::Keys, "The core keeps an authority's keys in another form")
    })?;
    let mut ids: Vec<_> = fields.network_data_keys.into_keys().collect();
    ids.sort_unstable();
    Ok(ids)
}

fn state(bytes: &[u8]) -> Result<MobileKeyManagerState> {
    encoding::from_any(bytes).ok_or_else(|| {
        Error::new(
            Code::Keys,
            "These bytes are not the keys of a network's authority, or are damaged",
        )
    })
}
