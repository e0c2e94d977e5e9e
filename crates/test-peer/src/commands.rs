//! The commands of the peer, one line of JSON each.

use anyhow::{Context, Result};
use runar_node::{Node, NodeDelegate, PublishOptions};
use serde::Deserialize;
use serde_json::{json, Value};

use crate::frames::Calls;
use crate::measurements::{self, EventCounter};
use crate::peers::{self, Known};
use crate::report::report;
use crate::settings::StaticPeer;
use crate::values;

#[derive(Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
enum Command {
    Call {
        path: String,
        #[serde(default)]
        payload: Value,
    },
    Publish {
        topic: String,
        #[serde(default)]
        value: Value,
    },
    /// Calls a path many times; answers with how long it took, and each call.
    Repeat {
        path: String,
        #[serde(default)]
        payload: Value,
        count: u32,
        in_flight: u32,
    },
    /// Publishes the numbers from 0 on, one after another.
    PublishMany {
        topic: String,
        count: u32,
    },
    /// Waits until that many events were counted since the start.
    Counted {
        total: u64,
    },
    Connect {
        peer: StaticPeer,
    },
    Peers {},
    Stop {},
}

#[derive(Deserialize)]
struct Line {
    /// Comes back with the answer.
    #[serde(default)]
    id: Value,
    #[serde(flatten)]
    rest: Value,
}

/// Whether the peer goes on.
pub enum Next {
    Continue,
    Stop,
}

/// Runs the command of a line, on a task of its own, so that a slow command delays no other.
pub fn run(line: &str, node: &Node, calls: &Calls, known: &Known, events: &EventCounter) -> Next {
    let parsed = serde_json::from_str::<Line>(line)
        .and_then(|line| Ok((line.id, serde_json::from_value::<Command>(line.rest)?)));
    let (id, command) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            report(json!({ "event": "refused", "line": line, "message": error.to_string() }));
            return Next::Continue;
        }
    };
    if let Command::Stop {} = command {
        return Next::Stop;
    }
    let (node, calls) = (node.clone(), calls.clone());
    let (known, events) = (known.clone(), events.clone());
    tokio::spawn(async move {
        report(match act(command, &node, &calls, &known, &events).await {
            Ok(value) => json!({ "event": "answer", "id": id, "value": value }),
            Err(error) => {
                json!({ "event": "failed", "id": id, "message": format!("{error:#}") })
            }
        });
    });
    Next::Continue
}

async fn act(
    command: Command,
    node: &Node,
    calls: &Calls,
    known: &Known,
    events: &EventCounter,
) -> Result<Value> {
    match command {
        Command::Call { path, payload } => calls.call(&path, payload).await,
        Command::Publish { topic, value } => {
            publish(node, &topic, value).await?;
            Ok(Value::Null)
        }
        Command::Repeat { path, payload, count, in_flight } => {
            measurements::repeat(calls, &path, &payload, count, in_flight).await
        }
        Command::PublishMany { topic, count } => {
            for number in 0..count {
                publish(node, &topic, json!(number)).await?;
            }
            Ok(Value::Null)
        }
        Command::Counted { total } => events.reach(total).await,
        Command::Connect { peer } => {
            node.handle_discovered_node(peer.info()?).await?;
            Ok(Value::Null)
        }
        Command::Peers {} => Ok(peers::list(node, known)),
        Command::Stop {} => Ok(Value::Null),
    }
}

async fn publish(node: &Node, topic: &str, value: Value) -> Result<()> {
    let options = PublishOptions { broadcast: true, ..PublishOptions::default() };
    node.publish_with_options(topic, values::from_json(value), options).await
}

/// Reports the events of a topic or a pattern.
pub async fn listen(node: &Node, topic: &str) -> Result<()> {
    let heard = move |topic: String, value| {
        let value = match value {
            Some(value) => values::to_json(value)?,
            None => Value::Null,
        };
        report(json!({ "event": "heard", "topic": topic, "value": value }));
        Ok(())
    };
    let handler =
        std::sync::Arc::new(move |context: std::sync::Arc<runar_node::EventContext>, value| {
            let result = heard(context.topic_path.action_path(), value);
            Box::pin(std::future::ready(result)) as peers::SubscriberResult
        });
    NodeDelegate::subscribe(node, topic, handler, None)
        .await
        .map(drop)
        .with_context(|| format!("cannot listen to {topic}"))
}
