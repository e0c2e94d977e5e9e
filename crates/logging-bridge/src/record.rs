//! One log record, in the shape in which every sink gets it.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::level::Level;
use crate::prefix::Prefix;
use crate::text::Plain;

#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// Milliseconds since 1970, with microseconds behind the point.
    pub time: f64,
    pub level: Level,
    pub message: String,
    /// The text as it was written, where `message` has it without decoration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The label of the logger that wrote the record: which node, in the terms of its host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    pub target: Cow<'static, str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
}

impl Record {
    pub fn new(level: Level, target: &str, message: &str) -> Self {
        if target == Prefix::TARGET {
            return Self::prefixed(level, message);
        }
        // Others may begin a message with a bracket of their own.
        Self {
            time: now(),
            level,
            message: message.to_owned(),
            raw: None,
            label: None,
            component: None,
            action: None,
            event: None,
            target: Cow::Owned(target.to_owned()),
            fields: Map::new(),
        }
    }

    fn prefixed(level: Level, message: &str) -> Self {
        let parsed = Prefix::parse(message);
        let plain = Plain::of(parsed.text);
        let own = |part: Option<&str>| part.map(str::to_owned);
        let mut fields = Map::new();
        if let Some(step) = plain.step {
            fields.insert("step".to_owned(), step.into());
        }
        Self {
            time: now(),
            level,
            message: plain.text.to_owned(),
            raw: (plain.text.len() < parsed.text.len()).then(|| parsed.text.to_owned()),
            label: own(parsed.label),
            component: own(parsed.component),
            action: own(parsed.action),
            event: own(parsed.event),
            target: Cow::Borrowed(Prefix::TARGET),
            fields,
        }
    }

    /// Roughly what the record holds in memory, for a queue's bound in bytes.
    pub fn size(&self) -> usize {
        const FIELD: usize = 64;
        std::mem::size_of::<Self>()
            + self.message.len()
            + self.target.len()
            + [&self.raw, &self.label, &self.component, &self.action, &self.event]
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
