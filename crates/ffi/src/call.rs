//! A call of JavaScript: its attribution to futures, and its outcome.

use std::cell::Cell;
use std::future::Future;

use crate::error::Result;

/// The call that the future being polled belongs to.
#[derive(Clone, Copy)]
pub struct CurrentCall {
    pub isolate: u32,
    pub node: u32,
    pub call: u32,
    pub kind: CallKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// Payload and result are values of the core.
    Translated,
    /// Payload and result are in binary form: both ends are in the same isolate.
    Opaque,
    /// An event of the isolate, which delivers it to its own subscribers itself.
    Publish,
}

thread_local! {
    static CURRENT_CALL: Cell<Option<CurrentCall>> = const { Cell::new(None) };
}

pub fn current_call() -> Option<CurrentCall> {
    CURRENT_CALL.get()
}

/// Restores the previous call, even when the poll panics.
struct Restored(Option<CurrentCall>);

impl Drop for Restored {
    fn drop(&mut self) {
        CURRENT_CALL.set(self.0);
    }
}

/// Polls a future with its call as the current one.
pub async fn attributed<F: Future>(call: CurrentCall, future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|context| {
        let _restored = Restored(CURRENT_CALL.replace(Some(call)));
        future.as_mut().poll(context)
    })
    .await
}

/// The outcome of a call of JavaScript.
pub enum Outcome {
    /// A value in binary form.
    Value(Vec<u8>),
    /// The JSON of an error.
    Error(String),
    /// A JavaScript handler of this isolate failed; JavaScript keeps the error object under this
    /// number.
    Failure(u32),
}

impl From<Result<Vec<u8>>> for Outcome {
    fn from(result: Result<Vec<u8>>) -> Self {
        match result {
            Ok(value) => Outcome::Value(value),
            Err(error) => Outcome::Error(error.to_json()),
        }
    }
}
