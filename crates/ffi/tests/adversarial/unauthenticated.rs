//! Attacks of unauthenticated peers: nodes that reach the port, and lack a part of what makes a
//! member.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::QuicClientConfig;
use quinn::{ClientConfig, Connection, Endpoint};
use runar_keys::{CertificateAuthority, NodeKeyManager};
use runar_node::network::discovery::NodeInfo;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::memory;
use super::nodes::{closed, run, run_alone, send, three, two, Authority, Member, WAIT};
use crate::config::{Milliseconds, NetworkConfig};
use crate::protocol::MAX_SESSION_VERSION;
use crate::runar::network::accept::MAX_PENDING_HANDSHAKES;
use crate::runar::network::cipher::PayloadCipher;
use crate::runar::network::core_peer::wire::{self, HandshakeMessage, Role, MAX_CORE_MESSAGE};
use crate::runar::network::session::proof::{challenge, prove};
use crate::runar::network::tls;
use crate::value::ArcValue;

/// Accepts every certificate.
#[derive(Debug)]
struct AcceptAll;

impl ServerCertVerifier for AcceptAll {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        rustls::crypto::ring::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// A certificate and its key.
type Shown = (CertificateDer<'static>, PrivateKeyDer<'static>);

fn shown_by(keys: &NodeKeyManager) -> anyhow::Result<Shown> {
    let mut own = keys.get_quic_certificate_config()?;
    Ok((own.certificate_chain.swap_remove(0), own.private_key))
}

fn signed_by_itself() -> anyhow::Result<Shown> {
    let itself = CertificateAuthority::new("CN=Runar User CA")?;
    let key = itself.ca_key_pair().to_rustls_private_key()?;
    Ok((itself.ca_certificate().to_rustls_certificate(), key))
}

/// An attacker that dials with a certificate, or without one.
struct Attacker(Endpoint);

impl Attacker {
    fn with(shown: Option<Shown>) -> anyhow::Result<Self> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AcceptAll));
        let config = match shown {
            Some((certificate, key)) => config.with_client_auth_cert(vec![certificate], key)?,
            None => config.with_no_client_auth(),
        };
        let mut endpoint = Endpoint::client((Ipv4Addr::LOCALHOST, 0).into())?;
        let config = QuicClientConfig::try_from(config)?;
        endpoint.set_default_client_config(ClientConfig::new(Arc::new(config)));
        Ok(Self(endpoint))
    }

    async fn call(&self, victim: &Member) -> anyhow::Result<Connection> {
        let name = tls::server_name(&victim.transport.own_id);
        let connecting = self.0.connect(victim.transport.addresses[0], &name)?;
        Ok(timeout(WAIT, connecting).await??)
    }

    /// Sends a handshake, a proof and a call. Returns what it receives before it is refused, and
    /// the reason.
    async fn attack(
        &self,
        victim: &Member,
        handshake: &HandshakeMessage,
        proof: &[u8],
    ) -> anyhow::Result<(Vec<u8>, String)> {
        let connection = match self.call(victim).await {
            Ok(connection) => connection,
            Err(error) => return Ok((Vec::new(), format!("{error:#}"))),
        };
        let ids = ("unauthenticated", victim.transport.own_id.as_str());
        let kind = runar_node::network::transport::MESSAGE_TYPE_HANDSHAKE;
        let message = wire::message(
            kind,
            ids,
            "handshake".to_owned(),
            wire::cbor(handshake)?,
            "1".to_owned(),
        );
        let introduced = wire::framed(&message, MAX_CORE_MESSAGE)?;
        let answered = async {
            let (mut stream, mut answer) = connection.open_bi().await?;
            stream.write_all(&introduced).await?;
            let mut first = vec![1];
            first.extend((5 + proof.len() as u32).to_le_bytes());
            first.extend([1, 0, 0, 0, 0]);
            first.extend(proof);
            // A call right behind it.
            first.extend([5, 0, 0, 0, 2, 1, 0, 0, 0]);
            send(&connection, &first).await?;
            Ok::<_, anyhow::Error>(answer.read_to_end(MAX_CORE_MESSAGE).await?)
        };
        let received = answered.await.unwrap_or_default();
        Ok((received, closed(&connection).await?))
    }
}

/// The handshake of a node of a network.
fn handshake(description: NodeInfo, challenge: Option<Vec<u8>>) -> HandshakeMessage {
    HandshakeMessage {
        node_info: description,
        nonce: 1,
        role: Role::Initiator,
        sdk: Some(MAX_SESSION_VERSION),
        sdk_oldest: None,
        challenge,
        proof: None,
    }
}

#[test]
fn an_invalid_certificate_gains_no_access_and_no_information() -> anyhow::Result<()> {
    run(async {
        let (authority, victim, honest) = two().await?;
        let expired = authority.enrol(0)?;
        let of_another = Authority::new()?.enrol(1)?;
        // It pretends to be another member, and even has the key of the network.
        let challenge = honest.transport.cipher.seal(Some(&ArcValue::new_bytes(vec![7; 32])))?;
        let handshake = handshake(honest.transport.node_info(), Some(challenge));
        let accepts = "not accepted";
        for (shown, why) in [
            (Some(shown_by(&of_another)?), accepts),
            (Some(signed_by_itself()?), accepts),
            (Some(shown_by(&expired)?), accepts),
            (None, "has not proven who it is"),
        ] {
            let attacker = Attacker::with(shown)?;
            let (received, reason) = attacker.attack(&victim, &handshake, &[7; 32]).await?;
            assert!(reason.contains(why), "{reason}");
            assert_eq!(received, b"", "{reason}");
        }
        honest.echo(&victim).await?;
        assert_eq!((victim.transport.peers.count(), victim.counting.calls()), (1, 1));
        Ok(())
    })
}

#[test]
fn a_certificate_without_the_network_key_gains_no_access() -> anyhow::Result<()> {
    run(async {
        let authority = Authority::new()?;
        let victim = authority.member().await?;
        let keys = authority.enrol(1)?;
        let attacker = Attacker::with(Some(shown_by(&keys)?))?;
        let description = NodeInfo {
            node_public_key: keys.get_node_public_key(),
            ..victim.transport.node_info()
        };
        let sealed =
            |secret: u8| victim.transport.cipher.seal(Some(&ArcValue::new_bytes(vec![secret; 32])));
        // No challenge; a forged proof; no proof.
        for (challenge, proof) in
            [(None, vec![]), (Some(sealed(1)?), vec![7; 32]), (Some(sealed(2)?), vec![])]
        {
            let handshake = handshake(description.clone(), challenge);
            let (_, why) = attacker.attack(&victim, &handshake, &proof).await?;
            assert!(why.contains("the key of the network"), "{why}");
        }
        assert_eq!((victim.transport.peers.count(), victim.counting.calls()), (0, 0));
        Ok(())
    })
}

#[test]
fn a_member_of_another_network_gains_no_access_and_no_information() -> anyhow::Result<()> {
    run(async {
        let authority = Authority::new()?;
        let victim = authority.member().await?;
        let other = authority.other_network()?;
        let keys = other.enrol(1)?;
        let attacker = Attacker::with(Some(shown_by(&keys)?))?;
        let of = |network_id: &str| NodeInfo {
            node_public_key: keys.get_node_public_key(),
            network_ids: vec![network_id.to_owned()],
            ..victim.transport.node_info()
        };
        let (own, pretended) = (of(&other.network_id), of(&authority.network_id));
        let cipher = PayloadCipher::new(keys.clone(), other.network_id);
        let sealed = cipher.seal(Some(&ArcValue::new_bytes(vec![7; 32])))?;
        for (description, why) in
            [(own, "belongs to"), (pretended, "asks for a proof of the wrong network")]
        {
            let handshake = handshake(description, Some(sealed.clone()));
            let (received, reason) = attacker.attack(&victim, &handshake, &[7; 32]).await?;
            assert!(reason.contains(why), "{reason}");
            assert_eq!(received, b"", "{reason}");
        }
        assert_eq!((victim.transport.peers.count(), victim.counting.calls()), (0, 0));
        Ok(())
    })
}

#[test]
fn a_proof_is_valid_for_one_connection() -> anyhow::Result<()> {
    run(async {
        let (victim, _honest, hostile) = three().await?;
        let connection = hostile.connection(&victim)?;
        let cipher = &hostile.transport.cipher;
        let asked = challenge(cipher, &connection)?;
        let proof = prove(cipher, &connection, &asked.sealed)?;
        asked.check(&proof, "itself")?;
        let again = prove(cipher, &hostile.reconnect(&victim).await?, &asked.sealed)?;
        assert_ne!(proof, again);
        assert!(asked.check(&again, "itself").is_err());
        Ok(())
    })
}

#[test]
fn a_challenge_does_not_reveal_its_secret() -> anyhow::Result<()> {
    run(async {
        let authority = Authority::new()?;
        let member = authority.member().await?;
        let secret = [0x5a; 32];
        let sealed = member.transport.cipher.seal(Some(&ArcValue::new_bytes(secret.to_vec())))?;
        assert!(!sealed.windows(8).any(|part| part == &secret[..8]));
        let attacker = Authority::new()?.member().await?;
        assert!(attacker.transport.cipher.open(&sealed).is_err());
        Ok(())
    })
}

#[test]
fn a_handshake_of_four_gibibytes_takes_no_memory() -> anyhow::Result<()> {
    run_alone(async {
        let (_, victim, honest) = two().await?;
        let attacker = Attacker::with(None)?;
        memory::stays(async {
            let connection = attacker.call(&victim).await?;
            let (mut stream, _answer) = connection.open_bi().await?;
            stream.write_all(&u32::MAX.to_be_bytes()).await?;
            while stream.write_all(&[0; 1 << 16]).await.is_ok() {}
            let why = closed(&connection).await?;
            // Read to its end and dropped, within the time of a handshake.
            assert!(why.contains("too large") || why.contains("did not introduce itself"), "{why}");
            honest.echo(&victim).await
        })
        .await?;
        assert_eq!(victim.transport.peers.count(), 1);
        Ok(())
    })
}

#[test]
fn silent_connections_keep_no_peer_out() -> anyhow::Result<()> {
    run(async {
        let authority = Authority::new()?;
        let (victim, honest) = (authority.member().await?, authority.member().await?);
        let attacker = Attacker::with(None)?;
        let mut silent = Vec::new();
        for _ in 0..20 {
            silent.push(attacker.call(&victim).await?);
        }
        honest.connect(&victim).await?;
        honest.echo(&victim).await?;
        assert_eq!(victim.transport.peers.count(), 1);
        Ok(())
    })
}

/// Sends a handshake byte by byte, until the connection is closed.
async fn send_slowly(connection: Connection) {
    let Ok((mut stream, _answer)) = connection.open_bi().await else { return };
    // The length of a long message, and then zeros.
    let bytes = [0, 0, 255, 255].into_iter().chain(std::iter::repeat(0));
    for byte in bytes {
        if stream.write_all(&[byte]).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn slow_handshakes_time_out_and_do_not_affect_members() -> anyhow::Result<()> {
    run_alone(async {
        let authority = Authority::new()?;
        let config = NetworkConfig { peer_timeout_ms: Milliseconds(1_000), ..Default::default() };
        let victim = authority.member_with(config).await?;
        let (honest, newcomer) = (authority.member().await?, authority.member().await?);
        honest.connect(&victim).await?;
        let attacker = Attacker::with(None)?;
        memory::stays(async {
            let mut sending = JoinSet::new();
            // More than the limit: the last of them are refused.
            for _ in 0..MAX_PENDING_HANDSHAKES + 8 {
                if let Ok(connection) = attacker.call(&victim).await {
                    sending.spawn(send_slowly(connection));
                }
            }
            while !sending.is_empty() {
                honest.echo(&victim).await?;
                while sending.try_join_next().is_some() {}
            }
            newcomer.connect(&victim).await?;
            newcomer.echo(&victim).await
        })
        .await?;
        assert_eq!(victim.transport.peers.count(), 2);
        Ok(())
    })
}
