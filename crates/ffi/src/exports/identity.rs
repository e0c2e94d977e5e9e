//! The exports of keys and enrolment.

use napi::bindgen_prelude::{BufferSlice, Env};
use napi_derive::napi;

use crate::error::{guard, Code, Error};
use crate::identity;

/// Makes the keys of a node that belongs to no network, as bytes.
#[napi]
pub fn identity_create(env: &Env) -> napi::Result<BufferSlice<'_>> {
    BufferSlice::copy_from(env, guard(identity::create)?)
}

/// Converts a node's keys from any encoding of Rust programs to that of the other functions.
#[napi]
pub fn identity_read<'env>(env: &'env Env, keys: &[u8]) -> napi::Result<BufferSlice<'env>> {
    BufferSlice::copy_from(env, guard(|| identity::read(keys))?)
}

/// The public facts of a node's keys, as JSON: `{ nodeId, publicKey, networkIds, certificate }`;
/// `certificate` is null or `{ subject, issuer, validFrom, validUntil }`, in milliseconds since
/// 1970.
#[napi]
pub fn identity_facts(keys: &[u8]) -> napi::Result<String> {
    guard(|| Ok(identity::NodeKeys::read(keys)?.facts()?.to_string()))
}

/// Makes a node's request to join a network.
#[napi]
pub fn identity_request<'env>(env: &'env Env, keys: &[u8]) -> napi::Result<BufferSlice<'env>> {
    BufferSlice::copy_from(env, guard(|| identity::request(keys))?)
}

/// Adds a grant to a node's keys. It must be of `network` if that is given.
#[napi]
pub fn identity_install<'env>(
    env: &'env Env,
    keys: &[u8],
    grant: &[u8],
    network: Option<String>,
) -> napi::Result<BufferSlice<'env>> {
    let installed = guard(|| identity::install(keys, grant, network.as_deref()))?;
    BufferSlice::copy_from(env, installed)
}

/// Makes the keys of a network's authority, as bytes.
#[napi]
pub fn network_create(env: &Env) -> napi::Result<BufferSlice<'_>> {
    BufferSlice::copy_from(env, guard(identity::create_network)?)
}

/// An authority's keys in the form that the other functions take, from any form that Rust programs
/// write.
#[napi]
pub fn network_read<'env>(env: &'env Env, keys: &[u8]) -> napi::Result<BufferSlice<'env>> {
    BufferSlice::copy_from(env, guard(|| identity::read_network(keys))?)
}

/// The networks of an authority, in alphabetical order.
#[napi]
pub fn network_ids(keys: &[u8]) -> napi::Result<Vec<String>> {
    guard(|| identity::network_ids(keys))
}

/// Grants a node's request, which must be of `node` if that is given. Returns the length of the
/// grant (u32, little endian), the grant, and the authority's keys as they are afterwards.
#[napi]
pub fn network_grant<'env>(
    env: &'env Env,
    keys: &[u8],
    network: String,
    request: &[u8],
    node: Option<String>,
) -> napi::Result<BufferSlice<'env>> {
    let bytes = guard(|| {
        let (keys, grant) = identity::grant(keys, &network, request, node.as_deref())?;
        let length = u32::try_from(grant.len())
            .map_err(|_| Error::new(Code::Enrolment, "The grant is too long"))?;
        Ok([&length.to_le_bytes(), grant.as_slice(), keys.as_slice()].concat())
    })?;
    BufferSlice::copy_from(env, bytes)
}

/// The keys of a node or of an authority in CBOR, as the Rust CLI keeps them.
#[napi]
pub fn keys_as_cbor<'env>(env: &'env Env, keys: &[u8]) -> napi::Result<BufferSlice<'env>> {
    BufferSlice::copy_from(env, guard(|| identity::as_cbor(keys))?)
}
