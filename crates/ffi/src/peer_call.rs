//! Calls between nodes: who calls, on which terms, and what is carried.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use tokio::sync::oneshot;

use crate::error::{Error, Result};
use crate::value::{self, ArcValue, Held};

/// What a caller says of its call, beside what it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// How long the caller waits.
    pub timeout_ms: u32,
    /// Whether the payload is the arguments of a typed client.
    pub positional: bool,
    /// What the log records of the call have in common; empty for nothing.
    pub request_id: String,
    /// The W3C trace context; empty for none.
    pub traceparent: String,
}

/// A peer that calls.
#[derive(Clone)]
pub struct Caller {
    pub peer: Arc<str>,
    /// Whether it has proven to be that peer.
    pub authenticated: bool,
    pub terms: Terms,
}

/// A value on its way, in one of its forms.
pub enum Carried {
    /// In binary form.
    Binary(Vec<u8>),
    /// As the core has it.
    Value(ArcValue),
}

impl Carried {
    pub fn into_core(self, held: &Held) -> Result<ArcValue> {
        Ok(match self {
            Carried::Binary(bytes) => value::to_core(&bytes, held)?.unwrap_or_else(ArcValue::null),
            Carried::Value(value) => value,
        })
    }
}

/// Gets the answer to a call of a peer, on whichever thread has it.
pub type Answered = Box<dyn FnOnce(anyhow::Result<Carried>) + Send>;

/// A call of a peer, which is given up when this is dropped, unless it has ended.
#[derive(Default)]
pub struct Begun(Option<Box<dyn FnOnce() + Send>>);

impl Begun {
    pub fn new(give_up: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(give_up)))
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        if let Some(give_up) = self.0.take() {
            give_up();
        }
    }
}

/// The answer to a call that `begin` begins, and that is given up when this future is dropped.
pub async fn answer_of(begin: impl FnOnce(Answered) -> Begun) -> anyhow::Result<Carried> {
    let (answered, answer) = oneshot::channel();
    let _begun = begin(Box::new(move |answer| {
        // Whoever waited has given up.
        let _ = answered.send(answer);
    }));
    answer.await?
}

/// Answers a call with an error.
pub fn refuse(error: Error, answered: Answered) -> Begun {
    answered(Err(error.into()));
    Begun::default()
}

/// Answers a call with what a future comes to. It begins at once: calls begin in the order in which
/// they came, which tasks would not keep.
pub fn answer_later(
    answer: impl Future<Output = anyhow::Result<Carried>> + Send + 'static,
    answered: Answered,
) -> Begun {
    let answer = AssertUnwindSafe(answer).catch_unwind();
    let mut answer = Box::pin(
        answer
            .map(|answer| answer.unwrap_or_else(|payload| Err(Error::from_panic(payload).into()))),
    );
    if let Some(answer) = (&mut answer).now_or_never() {
        answered(answer);
        return Begun::default();
    }
    let task = tokio::spawn(async move { answered(answer.await) }).abort_handle();
    Begun::new(move || task.abort())
}
