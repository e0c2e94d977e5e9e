//! The subscriptions of a node of the core, and the delivery of events to them.

use std::sync::{Arc, Mutex};

use super::topic::matches;
use crate::error::Result;
use crate::peer_call::Payload;
use crate::sync::lock;

/// Receives an event: its topic and its value.
pub type EventSink = Arc<dyn Fn(&str, &Payload) -> Result<()> + Send + Sync>;

/// One sink for each topic or pattern, for good: the core's `unsubscribe` misses one of two
/// subscribers of a topic, and overlapping patterns altogether.
#[derive(Default)]
pub struct Subscriptions(Mutex<Vec<(String, EventSink)>>);

impl Subscriptions {
    pub fn add(&self, topic: String, sink: EventSink) {
        lock(&self.0).push((topic, sink));
    }

    pub fn all(&self) -> Vec<(String, EventSink)> {
        lock(&self.0).clone()
    }

    /// Delivers an event. With `exactly`, only to subscriptions of just this topic or pattern.
    pub fn deliver(&self, topic: &str, value: &Payload, exactly: bool) -> Result<()> {
        let subscriptions = lock(&self.0);
        let matching = subscriptions
            .iter()
            .filter(|(pattern, _)| pattern == topic || !exactly && matches(topic, pattern));
        let sinks: Vec<EventSink> = matching.map(|(_, sink)| sink.clone()).collect();
        drop(subscriptions);
        sinks.iter().try_for_each(|sink| sink(topic, value))
    }
}
