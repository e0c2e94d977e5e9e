//! One log record, in the shape in which every sink gets it.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Level, Prefix};

#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// Milliseconds since 1970, with microseconds behind the point.
    pub time: f64,
    pub level: Level,
    pub message: String,
    /// The label of the logger that wrote the record: which node, in the terms of its host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    pub target: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
}

impl Record {
    pub fn new(level: Level, target: &str, message: &str) -> Self {
        // Others may begin a message with a bracket of their own.
        let parsed = if target == Prefix::TARGET {
            Prefix::parse(message)
        } else {
            Prefix { text: message, ..Prefix::default() }
        };
        let own = |part: Option<&str>| part.map(str::to_owned);
        Self {
            time: now(),
            level,
            message: parsed.text.to_owned(),
            label: own(parsed.label),
            component: own(parsed.component),
            action: own(parsed.action),
            event: own(parsed.event),
            target: target.to_owned(),
            fields: Map::new(),
        }
    }

    /// Roughly what the record holds in memory, for a queue's bound in bytes.
    pub fn size(&self) -> usize {
        const FIELD: usize = 64;
        std::mem::size_of::<Self>()
            + self.message.len()
            + self.target.len()
            + [&self.label, &self.component, &self.action, &self.event]
                .iter()
                .map(|part| part.as_ref().map_or(0, String::len))
                .sum::<usize>()
            + self
                .fields
                .iter()
                .map(|(key, value)| key.len() + text_length(value) + FIELD)
                .sum::<usize>()
    }
}

fn text_length(value: &Value) -> usize {
    value.as_str().map_or(0, str::len)
}

fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_micros() as f64 / 1000.0
}
