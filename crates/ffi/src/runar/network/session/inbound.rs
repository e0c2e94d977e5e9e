//! Calls of a peer, which run here until they are answered or given up.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::json;

use super::frame::{kind, Call};
use super::reader::broken;
use super::{check_size, Session};
use crate::config::SessionLimits;
use crate::error::{Code, Error, Result};
use crate::isolate::failure::JsFailure;
use crate::peer_call::{Caller, CancelOnDrop, Payload};
use crate::runar::errors::translate;
use crate::runar::network::link::Link;
use crate::runar::network::Transport;
use crate::runar::topic::without_network;
use crate::sync::lock;

/// The calls of one peer.
#[derive(Default)]
pub struct InboundCalls {
    calls: FxHashMap<u32, Running>,
    /// How large what they were called with is, in all.
    bytes: usize,
}

struct Running {
    size: usize,
    begun: Option<CancelOnDrop>,
}

impl InboundCalls {
    /// Why there is no room for another call.
    fn overload(&self, path: &str, size: usize, limits: &SessionLimits) -> Option<Error> {
        let (calls, bytes) = (self.calls.len(), self.bytes);
        if calls < limits.calls && bytes.saturating_add(size) <= limits.queued {
            return None;
        }
        let text = format!(
            "{path}: {calls} calls of this peer, with {bytes} bytes, are not answered yet: no more \
             are taken",
        );
        Some(
            Error::new(Code::Overload, text)
                .with_details(json!({ "calls": calls, "bytes": bytes })),
        )
    }

    /// Notes a call, before it can end.
    fn insert(&mut self, number: u32, size: usize) {
        self.bytes += size;
        self.calls.insert(number, Running { size, begun: None });
    }

    /// Gives it back when the call has ended, or was given up, meanwhile.
    fn has_begun(&mut self, number: u32, begun: CancelOnDrop) -> Option<CancelOnDrop> {
        match self.calls.get_mut(&number) {
            Some(running) => running.begun.replace(begun),
            None => Some(begun),
        }
    }

    fn remove(&mut self, number: u32) -> Option<Running> {
        let running = self.calls.remove(&number)?;
        self.bytes -= running.size;
        Some(running)
    }
}

impl Session {
    pub(super) fn serve(
        self: &Arc<Self>,
        network: &Arc<Transport>,
        link: &Arc<Link>,
        number: u32,
        body: &[u8],
    ) -> Result<()> {
        let Call { path, terms, payload } = Call::parse(body)?;
        let refusal = network.admit(path).err();
        let mut served = lock(&self.served);
        // Whoever gave many calls one number would have them counted, and ended, as one.
        if served.calls.contains_key(&number) {
            return Err(broken(format_args!("another call has the number {number} already")));
        }
        if let Some(error) = refusal.or_else(|| served.overload(path, payload.len(), &self.limits))
        {
            drop(served);
            self.send(kind::REFUSAL, number, error.to_json().into_bytes());
            return Ok(());
        }
        served.insert(number, body.len());
        drop(served);
        let caller = Caller { peer: self.peer.clone(), authenticated: link.authenticated, terms };
        let path = without_network(path).to_owned();
        let (session, serving, called) = (self.clone(), network.clone(), path.clone());
        let answering = network.answering();
        let answered = Box::new(move |answer| {
            // Nobody waits any more for what was given up.
            if session.forget_served(number) {
                session.answer(&serving, number, &called, answer);
            }
            drop(answering);
        });
        let payload = Payload::Binary(payload.to_vec());
        let begun = network.local.serve(caller, path, payload, answered);
        let over = lock(&self.served).has_begun(number, begun);
        drop(over);
        Ok(())
    }

    /// False when it was forgotten before.
    fn forget_served(&self, number: u32) -> bool {
        // Dropped without the lock: it may have something to tell.
        let running = lock(&self.served).remove(number);
        running.is_some()
    }

    fn answer(
        self: &Arc<Self>,
        network: &Transport,
        number: u32,
        path: &str,
        answer: anyhow::Result<Payload>,
    ) {
        let bytes = match answer {
            Ok(Payload::Binary(bytes)) => bytes,
            Ok(Payload::Value(_)) => {
                return self.fail(
                    network,
                    number,
                    Error::new(Code::Value, "the answer was not encoded").into(),
                )
            }
            Err(error) => return self.fail(network, number, error),
        };
        match check_size(bytes.len(), self.limits.payload) {
            Ok(()) => self.send(kind::REPLY, number, bytes),
            Err(error) => {
                self.fail(network, number, error.at(&format!("{path}: the answer")).into())
            }
        }
    }

    fn fail(self: &Arc<Self>, network: &Transport, number: u32, error: anyhow::Error) {
        let (is_refusal, json) = match error.downcast::<JsFailure>() {
            Ok(failure) => {
                (failure.is_refusal(), failure.for_peer(network.config.send_error_stacks))
            }
            Err(error) => (false, translate(error).to_json()),
        };
        self.send(if is_refusal { kind::REFUSAL } else { kind::ERROR }, number, json.into_bytes());
    }

    /// The peer waits no longer.
    pub(super) fn cancel(&self, number: u32) {
        self.forget_served(number);
    }

    /// The peer is gone.
    pub(super) fn give_up_served(&self) {
        let served = std::mem::take(&mut *lock(&self.served));
        drop(served);
    }
}
