//! A service that calls its caller, or another node.

use anyhow::{anyhow, Result};
use runar_macros::{action, service};
use runar_node::services::RequestContext;

use crate::values;

#[service(
    name = "Relay",
    path = "relay",
    description = "Calls a path on behalf of its caller",
    version = "1.0.0"
)]
pub struct RelayService;

#[service]
impl RelayService {
    /// Calls `path` with a payload written as JSON. The result is JSON too: the core cannot send on
    /// a map or a list that it has received.
    #[action]
    async fn call(&self, path: String, payload: String, ctx: &RequestContext) -> Result<String> {
        let payload = values::from_json(serde_json::from_str(&payload)?);
        let answer = ctx.request(&path, payload).await?;
        Ok(values::to_json(answer)?.to_string())
    }
}
