//! Serving the calls of a peer: from the frame of a call to the frame of its reply.

use std::sync::Arc;

use super::frame::Call;
use super::host::SessionHost;
use super::reader::protocol_error;
use super::Session;
use crate::error::{Code, Error, Result};
use crate::isolate::failure::JsFailure;
use crate::peer_call::{Caller, Payload};
use crate::protocol::frame_kind;
use crate::runar::errors::from_core_error;
use crate::runar::network::errors::check_size;
use crate::runar::topic::without_network;
use crate::sync::lock;

impl Session {
    pub(super) fn serve(
        self: &Arc<Self>,
        host: &dyn SessionHost,
        number: u32,
        body: &[u8],
    ) -> Result<()> {
        let Call { path, metadata, payload } = Call::parse(body)?;
        let refusal = host.admit(path).err();
        let mut inbound = lock(&self.inbound);
        // Calls with the same number would be counted, and ended, as one.
        if inbound.contains(number) {
            return Err(protocol_error(format_args!(
                "another call has the number {number} already"
            )));
        }
        let refusal = refusal.or_else(|| inbound.overload(path, payload.len(), &self.options));
        if let Some(error) = refusal {
            drop(inbound);
            self.send(frame_kind::REFUSAL, number, error.to_json().into_bytes());
            return Ok(());
        }
        inbound.insert(number, body.len());
        drop(inbound);
        let caller = Caller { peer: self.peer.clone(), authenticated: true, metadata };
        let path = without_network(path).to_owned();
        let (session, called) = (self.clone(), path.clone());
        let pending = self.pending_replies.begin();
        let respond = Box::new(move |response| {
            // A cancelled call gets no reply.
            if session.forget_inbound(number) {
                session.respond(number, &called, response);
            }
            drop(pending);
        });
        let cancel = host.deliver_call(caller, path, Payload::Binary(payload.to_vec()), respond);
        let ended = lock(&self.inbound).set_cancel(number, cancel);
        // Dropped without the lock: dropping cancels.
        drop(ended);
        Ok(())
    }

    fn respond(self: &Arc<Self>, number: u32, path: &str, response: anyhow::Result<Payload>) {
        let bytes = match response {
            Ok(Payload::Binary(bytes)) => bytes,
            Ok(Payload::Value(_)) => {
                let error = Error::new(Code::Value, "the answer was not encoded");
                return self.respond_with_error(number, error.into());
            }
            Err(error) => return self.respond_with_error(number, error),
        };
        match check_size(bytes.len(), self.options.max_payload_bytes) {
            Ok(()) => self.send(frame_kind::REPLY, number, bytes),
            Err(error) => {
                self.respond_with_error(number, error.at(&format!("{path}: the answer")).into());
            }
        }
    }

    fn respond_with_error(self: &Arc<Self>, number: u32, error: anyhow::Error) {
        let (is_refusal, json) = match error.downcast::<JsFailure>() {
            Ok(failure) => (failure.is_refusal(), failure.for_peer(self.options.send_error_stacks)),
            Err(error) => (false, from_core_error(error).to_json()),
        };
        self.send(
            if is_refusal { frame_kind::REFUSAL } else { frame_kind::ERROR },
            number,
            json.into_bytes(),
        );
    }
}
