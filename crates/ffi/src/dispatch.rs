//! The messages of JavaScript, decoded and dispatched to isolates and nodes.

use std::sync::Arc;

use serde_json::{json, Value};

use crate::call_metadata::CallMetadata;
use crate::codec::Reader;
use crate::error::{Code, Error, Result};
use crate::isolate::{registry, Isolate};
use crate::node::outbound::{self, Request};
use crate::node::registry as nodes;
use crate::peer_call::Payload;
use crate::protocol::{fail_flag, request_flag, to_rust};
use crate::value;

/// Dispatches the messages of `input` and writes the messages for JavaScript into `output`; see
/// `Isolate::exchange`.
pub fn exchange(isolate: u32, input: &[u8], output: &mut [u8]) -> Result<i32> {
    let isolate = registry::find(isolate)?;
    let receive = || {
        let mut reader = Reader::new(input);
        while !reader.is_empty() {
            receive(&isolate, Reader::new(reader.sized()?))?;
        }
        Ok(())
    };
    isolate.exchange(receive, output)
}

fn receive(isolate: &Arc<Isolate>, mut message: Reader<'_>) -> Result<()> {
    let kind = message.u8()?;
    let number = message.u32()?;
    match kind {
        to_rust::REQUEST_ACTION => {
            let node = message.u32()?;
            let topic = message.string()?;
            outbound::request_action(isolate, number, node, topic, message.rest());
        }
        to_rust::REQUEST_PATH => {
            let node = message.u32()?;
            let as_handle = message.u8()? & request_flag::HELD != 0;
            let metadata = CallMetadata::read(&mut message)?;
            let path = message.string()?;
            let peer = Some(message.string()?).filter(|peer| !peer.is_empty());
            let request = Request { path, peer, metadata, as_handle };
            outbound::request_path(isolate, number, node, &request, message.rest());
        }
        to_rust::PUBLISH => {
            let (node, retain_ms) = (message.u32()?, message.u32()?);
            let topic = message.string()?;
            outbound::publish(isolate, number, node, topic, message.rest(), retain_ms);
        }
        to_rust::REPLY => {
            // A handle is resolved now: the next message may release it.
            let bytes = message.rest();
            let returned = match value::value_of_handle(bytes, &isolate.handles)? {
                Some(value) => Payload::Value(value),
                None => Payload::Binary(bytes.to_vec()),
            };
            isolate.complete(number, Ok(Ok(returned)));
        }
        to_rust::FAIL => {
            let flags = message.u8()?;
            let record = message.string()?.to_owned();
            isolate.fail(
                number,
                record,
                flags & fail_flag::KEPT != 0,
                flags & fail_flag::REFUSED != 0,
            );
        }
        to_rust::RELEASE => isolate.handles.drop_value(number),
        to_rust::CANCEL => isolate.cancel(number),
        other => {
            return Err(Error::new(
                Code::Value,
                format!("JavaScript sent a message of the unknown kind {other}"),
            ))
        }
    }
    Ok(())
}

/// Ends an isolate, whose thread is about to end, and stops its nodes in the core.
pub fn close(isolate: u32) {
    if registry::close(isolate) {
        nodes::of_isolate(isolate).iter().for_each(|node| nodes::drop_node(node.id()));
    }
}

/// Counts what the addon keeps for one isolate, or for all that are open.
pub fn live_counts(isolate: Option<u32>) -> Result<Value> {
    let isolates = match isolate {
        Some(id) => vec![registry::find(id)?],
        None => registry::all(),
    };
    let total = |count: fn(&Isolate) -> usize| isolates.iter().map(|one| count(one)).sum::<usize>();
    Ok(json!({
        "tasks": total(Isolate::task_count),
        "invocations": total(Isolate::invocation_count),
        "nodes": total(|isolate| nodes::of_isolate(isolate.id).len()),
        "running": total(|isolate| {
            nodes::of_isolate(isolate.id).iter().filter(|node| node.is_running()).count()
        }),
        "values": total(|isolate| isolate.handles.len()),
    }))
}
