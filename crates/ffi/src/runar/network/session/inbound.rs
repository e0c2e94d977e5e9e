//! The table of the calls of a peer that run here.

use rustc_hash::FxHashMap;
use serde_json::json;

use crate::config::SessionOptions;
use crate::error::{Code, Error};
use crate::peer_call::CancelOnDrop;

#[derive(Default)]
pub struct InboundCalls {
    calls: FxHashMap<u32, RunningCall>,
    /// The size of their bodies.
    bytes: usize,
}

pub struct RunningCall {
    size: usize,
    /// `None` until the handler has started.
    cancel: Option<CancelOnDrop>,
}

impl InboundCalls {
    pub fn contains(&self, number: u32) -> bool {
        self.calls.contains_key(&number)
    }

    /// The error for a call beyond the limits.
    pub fn overload(&self, path: &str, size: usize, options: &SessionOptions) -> Option<Error> {
        let (calls, bytes) = (self.calls.len(), self.bytes);
        if calls < options.max_calls && bytes.saturating_add(size) <= options.max_queued_bytes {
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

    /// Enters a call, before it can end.
    pub fn insert(&mut self, number: u32, size: usize) {
        self.bytes += size;
        self.calls.insert(number, RunningCall { size, cancel: None });
    }

    /// Notes how to cancel a call. Returns it when the call has ended, or was cancelled, meanwhile.
    pub fn set_cancel(&mut self, number: u32, cancel: CancelOnDrop) -> Option<CancelOnDrop> {
        match self.calls.get_mut(&number) {
            Some(running) => running.cancel.replace(cancel),
            None => Some(cancel),
        }
    }

    pub fn remove(&mut self, number: u32) -> Option<RunningCall> {
        let running = self.calls.remove(&number)?;
        self.bytes -= running.size;
        Some(running)
    }
}
