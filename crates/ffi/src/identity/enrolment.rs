//! Enrolment: a node sends a request, the authority grants it, and the node installs the grant.
//! Both messages hold no secrets, but must reach the other side unchanged: an attacker who can
//! replace them decides who is let in.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::Signature;
use runar_common::compact_ids::compact_id;
use runar_keys::mobile::{NetworkKeyMessage, NodeCertificateMessage, SetupToken};
use runar_keys::X509Certificate;
use serde_json::json;

use super::key_manager::failed;
use super::node_keys::{check_owner, NodeKeys};
use super::{encoding, network};
use crate::error::{Code, Error, Result};

/// The request: that of the core, in the bincode of a Rust program, and a signature over it. The
/// core's own request does not bind the key for which the network key is encrypted.
type Request = (SetupToken, Vec<u8>);
type Grant = (NodeCertificateMessage, NetworkKeyMessage);

/// Makes the request of a node.
pub fn request(state: &[u8]) -> Result<Vec<u8>> {
    let mut keys = NodeKeys::read(state)?;
    let token = keys.manager.generate_csr().map_err(failed)?;
    let signature = keys.manager.sign_data(&encoding::to_bincode(&token)?).map_err(failed)?;
    encoding::to_bincode(&(token, signature))
}

/// Grants a request. Returns the new state of the authority, which must be kept, and the grant.
pub fn grant(
    state: &[u8],
    network_id: &str,
    request: &[u8],
    expected_node: Option<&str>,
) -> Result<(Vec<u8>, Vec<u8>)> {
    let (token, signature): Request = encoding::from_bincode(request).ok_or_else(|| {
        refused(
            "These bytes are no request of a node, or are damaged: identity.request() makes one",
        )
    })?;
    if let Some(expected) = expected_node.filter(|expected| *expected != token.node_id) {
        let message = format!("The request is of node {}, not of {expected}", token.node_id);
        let details = json!({ "nodeId": token.node_id, "expected": expected });
        return Err(refused(message).with_details(details));
    }
    let mut authority = network::open(state)?;
    let certificate = authority.process_setup_token(&token).map_err(refused)?;
    check_request(&token, &signature, &certificate.node_certificate)?;
    let key = authority
        .create_network_key_message(network_id, &token.node_agreement_public_key)
        .map_err(refused)?;
    Ok((network::to_bytes(&authority)?, encoding::to_bincode(&(certificate, key))?))
}

/// Fails unless the whole request is signed. The core has checked only that the sender has the key
/// of the certificate.
fn check_request(
    token: &SetupToken,
    signature: &[u8],
    certificate: &X509Certificate,
) -> Result<()> {
    if compact_id(&token.node_public_key) != token.node_id {
        return Err(refused("The request names another node than that of its key"));
    }
    check_owner(certificate, &token.node_public_key, &token.node_id)?;
    let key = certificate.public_key().map_err(failed)?;
    let signed = encoding::to_bincode(token)?;
    Signature::from_der(signature)
        .and_then(|signature| key.verify(&signed, &signature))
        .map_err(|_| refused("The request was changed after its node had signed it"))
}

/// The node's state with the certificate and the network key of a grant.
pub fn install(state: &[u8], grant: &[u8], expected_network: Option<&str>) -> Result<Vec<u8>> {
    let (certificate, key): Grant = encoding::from_bincode(grant).ok_or_else(|| {
        refused("These bytes are no grant, or are damaged: network.grant(request) makes one")
    })?;
    let network_id = key.network_id.clone();
    if let Some(expected) = expected_network.filter(|expected| *expected != network_id) {
        let message = format!("The grant is of network {network_id}, not of {expected}");
        let details = json!({ "networkId": network_id, "expected": expected });
        return Err(refused(message).with_details(details));
    }
    let mut keys = NodeKeys::read(state)?;
    let id = keys.manager.get_node_id();
    check_owner(&certificate.node_certificate, &keys.manager.get_node_public_key(), &id)
        .map_err(|_| refused(format!("The grant is for another node than {id}")))?;
    keys.manager.install_certificate(certificate).map_err(refused)?;
    keys.manager.install_network_key(key).map_err(refused)?;
    // The core keeps the key under the id that is made from it, whatever the grant says.
    if keys.manager.get_network_agreement(&network_id).is_err() {
        return Err(refused(format!("The grant does not bring the key of network {network_id}")));
    }
    keys.with_only_network(&network_id)
}

fn refused(reason: impl std::fmt::Display) -> Error {
    Error::new(Code::Enrolment, reason.to_string())
}
