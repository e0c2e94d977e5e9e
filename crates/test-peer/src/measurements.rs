//! Measurements of concurrent calls and events.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use runar_node::{EventContext, Node, NodeDelegate};
use serde_json::{json, Value};
use tokio::sync::watch;

use crate::frames::Calls;
use crate::peers::SubscriberResult;

/// Calls a path `count` times, `in_flight` at a time. Answers with the seconds that all took, and
/// the milliseconds of each.
pub async fn repeat(
    calls: &Calls,
    path: &str,
    payload: &Value,
    count: u32,
    in_flight: u32,
) -> Result<Value> {
    let callers = in_flight.max(1);
    let each = count.div_ceil(callers);
    let began = Instant::now();
    let calling: Vec<_> = (0..callers)
        .map(|_| tokio::spawn(call_in_turn(calls.clone(), path.to_owned(), payload.clone(), each)))
        .collect();
    let mut milliseconds = Vec::new();
    for calls in calling {
        milliseconds.extend(calls.await??);
    }
    Ok(json!({ "seconds": began.elapsed().as_secs_f64(), "milliseconds": milliseconds }))
}

async fn call_in_turn(calls: Calls, path: String, payload: Value, count: u32) -> Result<Vec<f64>> {
    let mut milliseconds = Vec::new();
    for _ in 0..count {
        let began = Instant::now();
        calls.call(&path, payload.clone()).await?;
        milliseconds.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(milliseconds)
}

/// The number of events of the topics that are counted.
#[derive(Clone)]
pub struct EventCounter(watch::Sender<u64>);

impl Default for EventCounter {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl EventCounter {
    /// Counts the events of a topic or a pattern.
    pub async fn count(&self, node: &Node, topic: &str) -> Result<()> {
        let counter = self.0.clone();
        let handler = Arc::new(move |_context: Arc<EventContext>, _value| {
            counter.send_modify(|count| *count += 1);
            Box::pin(std::future::ready(Ok(()))) as SubscriberResult
        });
        NodeDelegate::subscribe(node, topic, handler, None)
            .await
            .map(drop)
            .with_context(|| format!("cannot count {topic}"))
    }

    /// Waits for a number of events. Returns the number so far.
    pub async fn reach(&self, total: u64) -> Result<Value> {
        let mut counter = self.0.subscribe();
        let count = *counter.wait_for(|count| *count >= total).await?;
        Ok(json!(count))
    }
}
