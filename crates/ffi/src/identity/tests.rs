//! Tests that the core accepts the key states, in each encoding.

use std::sync::Arc;

use base64::prelude::{Engine, BASE64_STANDARD};
use futures_util::FutureExt;
use runar_keys::mobile::MobileKeyManagerState;
use runar_keys::node::NodeKeyManagerState;
use runar_keys::{MobileKeyManager, NodeKeyManager};

use super::key_manager::logger;
use super::*;
use crate::config::Config;
use crate::error::Code;
use crate::runar::adapter::Core;
use crate::runar::unreachable::Unreachable;

fn enrolled() -> Result<(String, Vec<u8>)> {
    let authority = create_network()?;
    let network_id = network_ids(&authority)?.remove(0);
    let node = create()?;
    let (_, grant) = grant(&authority, &network_id, &request(&node)?, None)?;
    Ok((network_id.clone(), install(&node, &grant, Some(&network_id))?))
}

/// The JSON of a state, whose fields are private.
fn as_the_core_sees(state: &NodeKeyManagerState) -> anyhow::Result<serde_json::Value> {
    Ok(serde_json::to_value(state)?)
}

#[test]
fn the_core_reads_what_an_enrolled_node_keeps() -> anyhow::Result<()> {
    let (network_id, keys) = enrolled()?;
    let state: NodeKeyManagerState = bincode::deserialize(&keys)?;
    let manager = NodeKeyManager::from_state(state, logger("test"))?;
    let status = manager.get_certificate_status();
    assert_eq!(status, runar_keys::node::CertificateStatus::Valid);
    assert!(manager.get_network_agreement(&network_id).is_ok());
    assert!(manager.get_quic_certificate_config().is_ok());
    Ok(())
}

#[test]
fn every_form_of_a_node_is_the_same_state() -> anyhow::Result<()> {
    let (_, keys) = enrolled()?;
    let state: NodeKeyManagerState = bincode::deserialize(&keys)?;
    let cbor = serde_cbor::to_vec(&state)?;
    let text = BASE64_STANDARD.encode(&cbor).into_bytes();
    for form in [keys.clone(), cbor, text, as_cbor(&keys)?] {
        let read: NodeKeyManagerState = bincode::deserialize(&read(&form)?)?;
        assert_eq!(as_the_core_sees(&read)?, as_the_core_sees(&state)?);
    }
    Ok(())
}

#[test]
fn every_form_of_an_authority_is_the_same_state() -> anyhow::Result<()> {
    let keys = create_network()?;
    let state: MobileKeyManagerState = bincode::deserialize(&keys)?;
    let cbor = serde_cbor::to_vec(&state)?;
    let text = BASE64_STANDARD.encode(&cbor).into_bytes();
    for form in [keys.clone(), cbor, text, as_cbor(&keys)?] {
        let read: MobileKeyManagerState = bincode::deserialize(&read_network(&form)?)?;
        assert_eq!(serde_json::to_value(read)?, serde_json::to_value(&state)?);
        assert_eq!(network_ids(&form)?.len(), 1);
    }
    Ok(())
}

#[test]
fn a_rust_authority_reads_a_request() -> anyhow::Result<()> {
    let node = create()?;
    let token: runar_keys::mobile::SetupToken = bincode::deserialize(&request(&node)?)?;
    let mut authority = MobileKeyManager::new(logger("test"))?;
    authority.initialize_user_root_key()?;
    let message = authority.process_setup_token(&token)?;
    assert_eq!(message.node_certificate.issuer(), message.ca_certificate.subject());
    Ok(())
}

#[test]
fn an_authority_numbers_its_certificates() -> anyhow::Result<()> {
    let mut authority = create_network()?;
    let network_id = network_ids(&authority)?.remove(0);
    let mut serials = Vec::new();
    for _ in 0..2 {
        let node = create()?;
        let (kept, granted) = grant(&authority, &network_id, &request(&node)?, None)?;
        authority = kept;
        let (certificate, _): (
            runar_keys::mobile::NodeCertificateMessage,
            runar_keys::mobile::NetworkKeyMessage,
        ) = bincode::deserialize(&granted)?;
        serials.push(certificate.node_certificate.parsed()?.tbs_certificate.serial.to_string());
    }
    assert_eq!(serials, ["1", "2"]);
    Ok(())
}

#[test]
fn keys_of_several_networks_need_one_named() -> anyhow::Result<()> {
    let (first, keys) = enrolled()?;
    let (second, others) = enrolled()?;
    let keys = NodeKeys::read(&keys)?.with_networks_of(NodeKeys::read(&others)?)?;
    let mut both = [first.clone(), second];
    both.sort_unstable();
    let config = Config::default();
    let error = Identity::for_node(&keys, &config).err().map(|error| error.message);
    let expected = format!(
        "The identity is of several networks, {}: config.default_network_id must name one",
        both.join(", ")
    );
    assert_eq!(error, Some(expected));
    let config = Config::parse(&serde_json::json!({ "default_network_id": first }).to_string())?;
    assert_eq!(Identity::for_node(&keys, &config)?.network_id, first);
    Ok(())
}

#[test]
fn a_certificate_of_another_key_is_refused() -> anyhow::Result<()> {
    let (_, keys) = enrolled()?;
    let (_, others) = enrolled()?;
    let keys = NodeKeys::read(&keys)?.with_certificate_of(NodeKeys::read(&others)?)?;
    let id = NodeKeys::read(&keys)?.manager.get_node_id();
    let error = Identity::for_node(&keys, &Config::default()).err();
    let expected = format!("The certificate is of another key than that of node {id}");
    assert_eq!(error.map(|error| (error.code, error.message)), Some((Code::Keys, expected)));
    Ok(())
}

#[test]
fn a_certificate_that_its_authority_did_not_sign_is_refused() -> anyhow::Result<()> {
    let (_, keys) = enrolled()?;
    let (_, others) = enrolled()?;
    let keys = NodeKeys::read(&keys)?.with_authority_of(NodeKeys::read(&others)?)?;
    let error = Identity::for_node(&keys, &Config::default()).err().map(|error| error.message);
    assert!(error.is_some_and(|text| text.contains("does not hold: ")));
    Ok(())
}

#[test]
fn a_node_whose_certificate_has_expired_meanwhile_does_not_start() -> anyhow::Result<()> {
    let (network_id, keys) = enrolled()?;
    let key_state = NodeKeys::read(&keys)?.expired()?;
    let identity = Some(Identity { network_id, key_state });
    let core =
        Arc::new(Core::new("test".to_owned(), Config::default(), identity, Box::new(Unreachable)));
    let started = core.start(Vec::new()).now_or_never();
    let code = started.and_then(|outcome| outcome.err()).map(|error| error.code);
    assert_eq!(code, Some(Code::CertificateExpired));
    Ok(())
}
