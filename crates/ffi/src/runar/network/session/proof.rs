//! The proof that a peer has the key of the network, beside a certificate of its authority: it
//! opens what is sealed with that key. A proof is valid on one connection only.

use quinn::Connection;
use runar_serializer::ArcValue;

use crate::error::{Code, Error, Result};
use crate::runar::network::cipher::PayloadCipher;

const LABEL: &[u8] = b"runar-ts network key";

pub struct Challenge {
    /// A secret, sealed for the peer to open.
    pub sealed: Vec<u8>,
    /// The proof that the secret leads to.
    expected: Vec<u8>,
}

pub fn challenge(cipher: &PayloadCipher, connection: &Connection) -> Result<Challenge> {
    let secret = rand::random::<[u8; 32]>();
    let sealed = cipher.seal(Some(&ArcValue::new_bytes(secret.to_vec())))?;
    Ok(Challenge { sealed, expected: proof_of(connection, &secret)? })
}

impl Challenge {
    pub fn check(&self, given: &[u8], peer: &str) -> Result<()> {
        if !given.is_empty() && given == self.expected {
            return Ok(());
        }
        let text = format!("the peer {peer} does not have the key of the network");
        Err(Error::new(Code::PeerIdentity, text))
    }
}

/// Makes the proof for a challenge.
pub fn prove(cipher: &PayloadCipher, connection: &Connection, sealed: &[u8]) -> Result<Vec<u8>> {
    let refused =
        || Error::new(Code::PeerIdentity, "the peer asks for a proof of the wrong network");
    let secret = cipher.open(sealed).map_err(|_| refused())?.ok_or_else(refused)?;
    let secret = secret.as_bytes_ref().map_err(|_| refused())?;
    proof_of(connection, &secret)
}

fn proof_of(connection: &Connection, secret: &[u8]) -> Result<Vec<u8>> {
    let mut proof = vec![0; 32];
    connection.export_keying_material(&mut proof, LABEL, secret).map_err(|_| {
        Error::new(Code::PeerIdentity, "the connection has no keys to prove anything with")
    })?;
    Ok(proof)
}
