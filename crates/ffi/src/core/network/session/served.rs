//! Calls of a peer, which run here until they are answered or given up.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use rustc_hash::FxHashMap;
use serde_json::json;
use tokio::task::AbortHandle;

use super::super::link::Link;
use super::super::Network;
use super::frame::{kind, Call};
use super::receive::broken;
use super::{check_size, Session};
use crate::crossing::lock;
use crate::error::{Code, Error, Result};
use crate::failure::JsFailure;
use crate::remote::{Caller, Carried};

/// The calls of one peer.
#[derive(Default)]
pub struct Served {
    calls: FxHashMap<u32, Running>,
    /// How large what they were called with is, in all.
    bytes: usize,
}

struct Running {
    task: AbortHandle,
    size: usize,
}

impl Served {
    fn forget(&mut self, number: u32) -> Option<AbortHandle> {
        let Running { task, size } = self.calls.remove(&number)?;
        self.bytes -= size;
        Some(task)
    }

    /// The peer is gone.
    pub fn give_up(&mut self) {
        self.calls.drain().for_each(|(_, running)| running.task.abort());
        self.bytes = 0;
    }
}

impl Session {
    pub(super) fn serve(
        self: &Arc<Self>,
        network: &Arc<Network>,
        link: &Arc<Link>,
        number: u32,
        body: &[u8],
    ) -> Result<()> {
        let Call { path, terms, payload } = Call::parse(body)?;
        // Whoever gave many calls one number would have them counted, and ended, as one.
        if lock(&self.served).calls.contains_key(&number) {
            return Err(broken(format_args!("another call has the number {number} already")));
        }
        if let Some(error) = self.refusal(network, path, payload.len()) {
            self.send(kind::REFUSAL, number, error.to_json().into_bytes());
            return Ok(());
        }
        let caller = Caller { peer: self.peer.clone(), authenticated: link.authenticated, terms };
        let path = super::super::without_network(path).to_owned();
        let called = path.clone();
        let answering = network.answering();
        let call = network.local.serve(caller, path, Carried::Binary(payload.to_vec()));
        let mut call = AssertUnwindSafe(call).catch_unwind();
        // Calls begin in the order in which they came, which tasks would not keep.
        if let Some(answer) = (&mut call).now_or_never() {
            self.answer(network, number, &called, answer);
            return Ok(());
        }
        let (session, network) = (self.clone(), network.clone());
        // Known before it can end.
        let mut served = lock(&self.served);
        let task = tokio::spawn(async move {
            let answer = call.await;
            session.answer(&network, number, &called, answer);
            lock(&session.served).forget(number);
            drop(answering);
        });
        served.bytes += body.len();
        served.calls.insert(number, Running { task: task.abort_handle(), size: body.len() });
        Ok(())
    }

    /// Why a call is not even begun.
    fn refusal(&self, network: &Network, path: &str, size: usize) -> Option<Error> {
        if let Err(error) = network.admit(path) {
            return Some(error);
        }
        let served = lock(&self.served);
        let (calls, bytes) = (served.calls.len(), served.bytes);
        if calls < self.limits.calls && bytes.saturating_add(size) <= self.limits.queued {
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

    fn answer(
        self: &Arc<Self>,
        network: &Network,
        number: u32,
        path: &str,
        answer: std::thread::Result<anyhow::Result<Carried>>,
    ) {
        let answer = answer.unwrap_or_else(|payload| Err(Error::from_panic(payload).into()));
        let bytes = match answer {
            Ok(Carried::Binary(bytes)) => bytes,
            Ok(Carried::Value(_)) => {
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

    fn fail(self: &Arc<Self>, network: &Network, number: u32, error: anyhow::Error) {
        let (is_refusal, json) = match error.downcast::<JsFailure>() {
            Ok(failure) => {
                (failure.is_refusal(), failure.for_peer(network.config.send_error_stacks))
            }
            Err(error) => (false, super::super::super::translate(error).to_json()),
        };
        self.send(if is_refusal { kind::REFUSAL } else { kind::ERROR }, number, json.into_bytes());
    }

    /// The peer waits no longer.
    pub(super) fn cancel(&self, number: u32) {
        if let Some(task) = lock(&self.served).forget(number) {
            task.abort();
        }
    }
}
