//! The subscriptions of a node of the core, and the delivery of a peer's events to them.

use std::sync::Arc;

use crate::error::Result;
use crate::peer_call::Payload;

/// What the core, or a peer, tells of an event: its topic, in full, and its value.
pub type EventSink = Arc<dyn Fn(&str, &Payload) -> Result<()> + Send + Sync>;
