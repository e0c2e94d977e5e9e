//! TLS: the authentication of peers and the settings of QUIC. The core checks the name in a
//! server's certificate and nothing else: neither signatures, authority nor dates, nor clients at
//! all. Here every server must prove its node key by a certificate of the network's authority that
//! is valid now. A client with a certificate must do the same; one without, as nodes of the core
//! are, stays unauthenticated.

use std::sync::Arc;
use std::time::Duration;

use quinn::congestion::CubicConfig;
use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn::{ClientConfig, IdleTimeout, ServerConfig, TransportConfig, VarInt};
use runar_common::compact_ids::compact_id;
use runar_keys::{NodeKeyManager, X509Certificate};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{verify_tls13_signature, CryptoProvider};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, OtherError, SignatureScheme,
};

/// Streams that a peer may open before the end of the handshake, each way.
const MAX_HANDSHAKE_STREAMS: u32 = 1;

/// Streams that a peer may have open after the handshake, each way.
const MAX_PEER_STREAMS: u32 = 256;

/// Raises the limits of streams after the handshake.
pub fn raise_stream_limits(connection: &quinn::Connection) {
    connection.set_max_concurrent_bi_streams(VarInt::from_u32(MAX_PEER_STREAMS));
    connection.set_max_concurrent_uni_streams(VarInt::from_u32(MAX_PEER_STREAMS));
}

/// Bytes that a peer may have sent and that are not read yet, in all and on one stream. They take
/// memory.
const RECEIVE_WINDOW: u32 = 16 * 1024 * 1024;
const STREAM_WINDOW: u32 = 4 * 1024 * 1024;

/// Bytes sent and not acknowledged yet, which take memory too.
const SEND_WINDOW: u64 = 16 * 1024 * 1024;

/// The initial congestion window. The default is made for slow networks; with it a first large
/// message takes many round trips.
const INITIAL_WINDOW: u64 = 256 * 1024;

/// The beginning of every message about a refused certificate.
pub const REFUSED: &str = "the peer's certificate is not accepted";

pub fn configs(
    keys: &Arc<NodeKeyManager>,
    peer_timeout: Duration,
) -> anyhow::Result<(ServerConfig, ClientConfig)> {
    let own = keys.get_quic_certificate_config()?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Arc::new(Verifier { keys: keys.clone(), provider: provider.clone() });

    let mut server = rustls::ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(verifier.clone())
        .with_single_cert(own.certificate_chain.clone(), own.private_key.clone_key())?;
    // A session that is resumed is not verified again, and certificates expire.
    server.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    server.send_tls13_tickets = 0;
    let mut client = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_client_auth_cert(own.certificate_chain, own.private_key)?;

    client.resumption = rustls::client::Resumption::disabled();

    let transport = Arc::new(transport(peer_timeout)?);
    let mut server = ServerConfig::with_crypto(Arc::new(QuicServerConfig::try_from(server)?));
    server.transport_config(transport.clone());
    let mut client = ClientConfig::new(Arc::new(QuicClientConfig::try_from(client)?));
    client.transport_config(transport);
    Ok((server, client))
}

fn transport(peer_timeout: Duration) -> anyhow::Result<TransportConfig> {
    let mut transport = TransportConfig::default();
    // The shorter timeout of both sides applies, so the loss of a node of the core, which would
    // wait for 30 seconds, is detected just as soon. Acknowledgements of keep-alives need a living
    // process, not an idle one: a busy peer does not count as lost.
    transport.max_idle_timeout(Some(IdleTimeout::try_from(peer_timeout)?));
    // The timeout counts from the last keep-alive that was answered.
    transport.keep_alive_interval(Some(peer_timeout / 8));
    transport.max_concurrent_bidi_streams(VarInt::from_u32(MAX_HANDSHAKE_STREAMS));
    transport.max_concurrent_uni_streams(VarInt::from_u32(MAX_HANDSHAKE_STREAMS));
    transport.receive_window(VarInt::from_u32(RECEIVE_WINDOW));
    transport.stream_receive_window(VarInt::from_u32(STREAM_WINDOW));
    transport.send_window(SEND_WINDOW);
    let mut congestion = CubicConfig::default();
    congestion.initial_window(INITIAL_WINDOW);
    transport.congestion_controller_factory(Arc::new(congestion));
    transport.datagram_receive_buffer_size(None);
    Ok(transport)
}

/// The name of a node in the core's certificates.
pub fn server_name(node_id: &str) -> String {
    let safe = |letter| match letter {
        '-' => 'x',
        '_' => 'y',
        letter if char::is_alphanumeric(letter) => letter,
        _ => 'z',
    };
    node_id.chars().map(safe).collect()
}

/// The id of the node whose certificate the peer has proven to own.
pub fn proven_id(connection: &quinn::Connection) -> Option<String> {
    let identity = connection.peer_identity()?;
    let chain = identity.downcast::<Vec<CertificateDer<'static>>>().ok()?;
    id_of(chain.first()?).ok()
}

fn id_of(certificate: &CertificateDer<'_>) -> runar_keys::Result<String> {
    let certificate = X509Certificate::from_der(certificate.to_vec())?;
    Ok(compact_id(certificate.public_key()?.to_encoded_point(false).as_bytes()))
}

struct Refused(String);

// rustls prints this for an error that is not its own.
impl std::fmt::Debug for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{REFUSED}: {}", self.0)
    }
}

impl std::error::Error for Refused {}

fn refused(why: impl std::fmt::Display) -> rustls::Error {
    let why = Refused(why.to_string());
    rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(why))))
}

struct Verifier {
    keys: Arc<NodeKeyManager>,
    provider: Arc<CryptoProvider>,
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Verifier")
    }
}

impl Verifier {
    /// The id of the node of a certificate, if it is of our authority and valid now.
    fn verified(&self, certificate: &CertificateDer<'_>) -> Result<String, rustls::Error> {
        let parsed = X509Certificate::from_der(certificate.to_vec()).map_err(refused)?;
        self.keys.validate_peer_certificate(&parsed).map_err(refused)?;
        id_of(certificate).map_err(refused)
    }

    fn signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn no_tls12() -> rustls::Error {
        rustls::Error::General("QUIC has no TLS 1.2".to_owned())
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let id = self.verified(certificate)?;
        let expected = name.to_str();
        // Names on the wire ignore case. The handshake of Runar, which follows, compares the id
        // with the certificate in full.
        if !server_name(&id).eq_ignore_ascii_case(&expected) {
            return Err(refused(format_args!("it belongs to the node {id}")));
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(Self::no_tls12())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

impl ClientCertVerifier for Verifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        self.verified(certificate).map(|_| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(Self::no_tls12())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
