//! The connected peers, and connecting to those at fixed addresses.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use runar_node::{EventContext, Node, NodeDelegate};
use serde_json::{json, Value};

use crate::report::report;
use crate::settings::{id_of, StaticPeer};

/// What a subscriber of the core answers with.
pub type SubscriberResult = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// The ids of all peers that were ever connected: the core lists none.
pub type Known = Arc<Mutex<BTreeSet<String>>>;

/// Reports every peer that comes, changes and goes. To be called before the node starts.
pub async fn watch(node: &Node, known: &Known) -> Result<()> {
    for change in ["discovered", "updated", "removed"] {
        let known = known.clone();
        let handler = Arc::new(move |context: Arc<EventContext>, _value| {
            // The topic is $registry/peer/<id>/<change>.
            let topic = context.topic_path.action_path();
            if let Some(id) = topic.split('/').nth(2) {
                known.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned());
                report(json!({ "event": "peer", "change": change, "id": id }));
            }
            Box::pin(std::future::ready(Ok(()))) as SubscriberResult
        });
        let topic = format!("$registry/peer/*/{change}");
        NodeDelegate::subscribe(node, &topic, handler, None).await?;
    }
    Ok(())
}

/// The peers that are connected at this moment.
pub fn list(node: &Node, known: &Known) -> Value {
    let known = known.lock().unwrap_or_else(PoisonError::into_inner);
    known.iter().filter(|id| node.is_connected(id)).cloned().collect()
}

/// Connects to a peer, and again whenever it is gone: the core's own provider for fixed addresses
/// is not implemented.
pub async fn keep_connected(node: Node, peer: StaticPeer) -> Result<()> {
    const PAUSE: Duration = Duration::from_millis(500);
    let info = peer.info()?;
    let id = id_of(&info);
    loop {
        if !node.is_connected(&id) {
            if let Err(error) = node.handle_discovered_node(info.clone()).await {
                let message = format!("{error:#}");
                report(json!({ "event": "unreachable", "id": id, "message": message }));
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}
