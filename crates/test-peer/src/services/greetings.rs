//! Events, both ways.

use std::sync::Arc;

use anyhow::{anyhow, Result};
use runar_macros::{action, publish, service, subscribe};
use runar_node::services::{EventContext, RequestContext};
use serde_json::json;

use crate::report::report;

#[service(
    name = "Greetings",
    path = "greetings",
    description = "Publishes and hears events",
    version = "1.0.0"
)]
pub struct GreetingsService;

#[service]
impl GreetingsService {
    /// What it returns is published as `greetings/sent`.
    #[publish(path = "sent")]
    #[action]
    async fn send(&self, text: String, ctx: &RequestContext) -> Result<String> {
        Ok(text)
    }

    #[subscribe(path = "greetings/received")]
    async fn received(&self, text: String, ctx: &EventContext) -> Result<()> {
        let topic = ctx.topic_path.action_path();
        report(json!({ "event": "greeted", "topic": topic, "text": text }));
        Ok(())
    }
}
