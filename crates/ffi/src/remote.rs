//! Calls between nodes: who calls, on which terms, and what is carried.

use std::sync::Arc;

use crate::core::ArcValue;
use crate::error::Result;
use crate::value::{self, Held};

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
