//! The keys of a node.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use runar_keys::node::NodeKeyManagerState;
use runar_keys::{NodeKeyManager, X509Certificate};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

use super::encoding;
use super::key_manager::{failed, logger, LABEL};
use super::network;
use crate::error::{Code, Error, Result};

/// The fields of `NodeKeyManagerState`, which are private, in their order: both have one bincode.
#[derive(Serialize, Deserialize)]
pub struct Fields {
    node_key_pair: Vec<u8>,
    node_certificate: Option<X509Certificate>,
    ca_certificate: Option<X509Certificate>,
    network_keys: HashMap<String, Vec<u8>>,
    network_agreements: HashMap<String, Vec<u8>>,
    network_public_keys: HashMap<String, Vec<u8>>,
    profile_public_keys: HashMap<String, Vec<u8>>,
    symmetric_keys: HashMap<String, Vec<u8>>,
    storage_key: Vec<u8>,
}

pub struct NodeKeys {
    pub manager: NodeKeyManager,
    fields: Fields,
}

/// Makes the state of a new node, which belongs to no network.
pub fn create() -> Result<Vec<u8>> {
    let manager = NodeKeyManager::new(logger(LABEL)).map_err(failed)?;
    encoding::to_bincode(&manager.export_state())
}

/// A state in any of its forms as the core reads it.
pub fn read(bytes: &[u8]) -> Result<Vec<u8>> {
    NodeKeys::read(bytes)?.to_bytes()
}

pub fn as_cbor(bytes: &[u8]) -> Result<Vec<u8>> {
    encoding::to_cbor(&NodeKeys::read(bytes)?.manager.export_state())
}

impl NodeKeys {
    /// Reads a state in any of its forms.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let state: NodeKeyManagerState = encoding::from_any(bytes).ok_or_else(|| {
            if network::read(bytes).is_ok() {
                return Error::new(
                    Code::Keys,
                    "These are the keys of a network's authority, not of a node: use Network.restore",
                );
            }
            Error::new(Code::Keys, "These bytes are not the keys of a node, or are damaged")
        })?;
        let fields = fields_of(&state)?;
        let manager = NodeKeyManager::from_state(state, logger(LABEL)).map_err(failed)?;
        Ok(Self { manager, fields })
    }

    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        encoding::to_bincode(&self.fields)
    }

    /// The state without the keys of other networks: a node with the certificate of one authority
    /// cannot use the network keys of another.
    pub fn with_only_network(self, network_id: &str) -> Result<Vec<u8>> {
        let mut fields = fields_of(&self.manager.export_state())?;
        fields.network_agreements.retain(|id, _| id == network_id);
        encoding::to_bincode(&fields)
    }

    /// The networks whose keys the node has, in alphabetical order.
    fn network_ids(&self) -> Vec<&str> {
        let mut ids: Vec<_> = self.fields.network_agreements.keys().map(String::as_str).collect();
        ids.sort_unstable();
        ids
    }

    fn has_network(&self, id: &str) -> bool {
        self.fields.network_agreements.contains_key(id)
    }

    /// The public facts of the keys: `{ nodeId, publicKey, networkIds, certificate }`.
    pub fn facts(&self) -> Result<Value> {
        let certificate = match &self.fields.node_certificate {
            None => Value::Null,
            Some(certificate) => {
                let (from, until) = validity(certificate)?;
                json!({
                    "subject": certificate.subject(),
                    "issuer": certificate.issuer(),
                    "validFrom": from * 1000,
                    "validUntil": until * 1000,
                })
            }
        };
        let public_key = self.manager.get_node_public_key();
        Ok(json!({
            "nodeId": self.manager.get_node_id(),
            "publicKey": hex::encode(&public_key),
            "networkIds": self.network_ids(),
            "certificate": certificate,
        }))
    }

    /// Fails when peers would not accept the node as a member of its network.
    pub fn check_certificate(&self) -> Result<()> {
        let (Some(certificate), Some(authority)) =
            (&self.fields.node_certificate, &self.fields.ca_certificate)
        else {
            return Err(self.not_enrolled("no certificate"));
        };
        if self.fields.network_agreements.is_empty() {
            return Err(self.not_enrolled("a certificate, but no network key"));
        }
        self.check_time(certificate)?;
        let id = self.manager.get_node_id();
        check_owner(certificate, &self.manager.get_node_public_key(), &id)?;
        let signed = authority.public_key().and_then(|key| certificate.validate(&key));
        signed.map_err(|error| {
            Error::new(Code::Keys, format!("The certificate of node {id} does not hold: {error}"))
        })
    }

    fn not_enrolled(&self, has: &str) -> Error {
        let id = self.manager.get_node_id();
        Error::new(
            Code::NotEnrolled,
            format!("The identity of node {id} has {has}: enrol it with network.enrol(identity)"),
        )
        .with_details(json!({ "nodeId": id }))
    }

    fn check_time(&self, certificate: &X509Certificate) -> Result<()> {
        let (from, until) = validity(certificate)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        // For the core the certificate has expired at the beginning of its last second.
        if from <= now && now < until {
            return Ok(());
        }
        let id = self.manager.get_node_id();
        let problem = if now < from {
            "is not valid yet: the clock of this machine, or of the authority's, is wrong"
        } else {
            "has expired: renew it with identity.renew(network)"
        };
        Err(Error::new(Code::CertificateExpired, format!("The certificate of node {id} {problem}"))
            .with_details(json!({
                "nodeId": id,
                "validFrom": from * 1000,
                "validUntil": until * 1000,
            })))
    }

    /// The network of a node with these keys: the one that its config names, or else the only one
    /// that it has a key of.
    pub fn choose_network(&self, requested: Option<&str>) -> Result<String> {
        let ids = self.network_ids();
        let wrong = |message: String| {
            Error::new(Code::WrongNetwork, message)
                .with_details(json!({ "networkIds": ids, "wanted": requested }))
        };
        match (requested, ids.as_slice()) {
            (Some(requested), _) if self.has_network(requested) => Ok(requested.to_owned()),
            (Some(requested), _) => Err(wrong(format!(
                "config.default_network_id: the identity is of network {}, not of {requested}",
                ids.join(", ")
            ))),
            (None, [only]) => Ok((*only).to_owned()),
            (None, _) => Err(wrong(format!(
                "The identity is of several networks, {}: config.default_network_id must name one",
                ids.join(", ")
            ))),
        }
    }
}

fn fields_of(state: &NodeKeyManagerState) -> Result<Fields> {
    encoding::from_bincode(&encoding::to_bincode(state)?)
        .ok_or_else(|| Error::new(Code::Keys, "The core keeps a node's keys in another form"))
}

/// The validity, in seconds since 1970.
fn validity(certificate: &X509Certificate) -> Result<(i64, i64)> {
    let parsed = certificate.parsed().map_err(failed)?;
    let validity = parsed.validity();
    Ok((validity.not_before.timestamp(), validity.not_after.timestamp()))
}

/// Fails when a certificate is of another key. The core compares the name only.
pub fn check_owner(certificate: &X509Certificate, public_key: &[u8], id: &str) -> Result<()> {
    let key = certificate.public_key().map_err(failed)?;
    if key.to_encoded_point(false).as_bytes() == public_key {
        return Ok(());
    }
    Err(Error::new(Code::Keys, format!("The certificate is of another key than that of node {id}")))
}

#[cfg(any(test, fuzzing, feature = "test-fixtures"))]
impl NodeKeys {
    /// The same keys with a certificate of another authority, good for so many days: with none it
    /// is over when it is given.
    pub fn certified_by(
        mut self,
        authority: &runar_keys::CertificateAuthority,
        days: u32,
    ) -> anyhow::Result<Vec<u8>> {
        let request = self.manager.generate_csr()?;
        self.fields.node_certificate =
            Some(authority.sign_certificate_request(&request.csr_der, days)?);
        self.fields.ca_certificate = Some(authority.ca_certificate().clone());
        Ok(self.to_bytes()?)
    }

    pub fn expired(self) -> anyhow::Result<Vec<u8>> {
        self.certified_by(&runar_keys::CertificateAuthority::new("CN=Runar User CA")?, 0)
    }
}

#[cfg(test)]
impl NodeKeys {
    pub fn with_networks_of(mut self, other: Self) -> Result<Vec<u8>> {
        self.fields.network_agreements.extend(other.fields.network_agreements);
        self.to_bytes()
    }

    pub fn with_certificate_of(mut self, other: Self) -> Result<Vec<u8>> {
        self.fields.node_certificate = other.fields.node_certificate;
        self.to_bytes()
    }

    pub fn with_authority_of(mut self, other: Self) -> Result<Vec<u8>> {
        self.fields.ca_certificate = other.fields.ca_certificate;
        self.to_bytes()
    }
}
