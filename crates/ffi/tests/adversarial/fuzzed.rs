//! The targets of crates/ffi/fuzz.

use std::sync::OnceLock;

use anyhow::Context;
use bytes::BufMut;
use runar_node::network::transport::NetworkMessage;

use super::nodes::{run, send, three, Member};
use crate::codec::{put_sized, Reader};
use crate::error::Result;
use crate::runar::network::core_peer::wire;
use crate::runar::network::session::frame::{self, Call, Frame};
use crate::value::{self, HandleTable};

/// Everything that takes a message of a peer apart: an error, or what is there.
pub fn decode(bytes: &[u8]) {
    const LIMIT: usize = 1 << 16;
    let mut stream = bytes;
    while let Ok(Some((frame, length))) = frame::first(stream, LIMIT) {
        if let Ok(Frame { body, .. }) = Frame::parse(frame) {
            let _ = Call::parse(body);
            if let Ok((_, payload)) = frame::event(body) {
                let _ = value::to_core(payload, &HandleTable::default());
            }
        }
        stream = &stream[length..];
    }
    let _ = value::from_peer(bytes, &HandleTable::default());
    let _ = wire::node_info(bytes);
    // The handshake of an unauthenticated peer.
    if let Ok(message) = serde_cbor::from_slice::<NetworkMessage>(bytes) {
        let _ = wire::handshake_of(&message);
        let _ = wire::node_info_of(&message);
    }
}

struct World {
    victim: Member,
    honest: Member,
    hostile: Member,
}

fn world() -> anyhow::Result<&'static World> {
    static WORLD: OnceLock<World> = OnceLock::new();
    if let Some(world) = WORLD.get() {
        return Ok(world);
    }
    let mut made = None;
    run(async {
        let (victim, honest, hostile) = three().await?;
        made = Some(World { victim, honest, hostile });
        Ok(())
    })?;
    Ok(WORLD.get_or_init(|| made.context("a network").unwrap_or_else(|error| fail(&error))))
}

/// Ends the process, which is how the fuzzer learns of it.
fn fail(why: &anyhow::Error) -> ! {
    eprintln!("{why:#}");
    std::process::abort()
}

/// A stream of a hostile peer, put together from what is arbitrary: bytes as they are, frames whose
/// length is right, and calls of what the victim offers.
fn stream_of(bytes: &[u8], network_id: &str) -> Result<Vec<u8>> {
    let mut reader = Reader::new(bytes);
    let mut stream = vec![reader.u8()?];
    while !reader.is_empty() {
        let (shape, length) = (reader.u8()?, reader.u8()?.into());
        let mut part = reader.take(length)?;
        if shape % 3 == 0 {
            stream.extend_from_slice(part);
            continue;
        }
        let mut reader = Reader::new(part);
        let (kind, number) = (reader.u8()?, reader.u8()?);
        part = reader.rest();
        let mut body = Vec::new();
        if shape % 3 == 2 {
            let name = if shape & 4 == 0 { "echo" } else { "wait" };
            body.put_u32_le(shape.into());
            // No request id, and no trace context.
            put_sized(&mut body, &[shape, 0, 0, 0, 0, 0, 0, 0, 0]);
            put_sized(&mut body, format!("{network_id}:here/{name}").as_bytes());
        }
        body.extend_from_slice(part);
        stream.put_u32_le((frame::HEAD + body.len()) as u32);
        stream.push(kind);
        stream.put_u32_le(number.into());
        stream.extend(body);
    }
    Ok(stream)
}

/// Whatever a member of the network sends: the victim goes on, and so does an honest peer.
pub fn receive(bytes: &[u8]) {
    let received = world().and_then(|World { victim, honest, hostile }| {
        let Ok(stream) = stream_of(bytes, &victim.transport.network_id) else { return Ok(()) };
        run(async {
            let connection = hostile.open_connection(victim).await?;
            // It may be closed before all of it has gone.
            let _ = send(&connection, &stream).await;
            honest.echo(victim).await
        })
    });
    if let Err(error) = received {
        fail(&error);
    }
}
