//! The actions of peers that the core knows a route to. The core calls only actions that it knows,
//! so they stay when their peers disconnect.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use runar_node::services::RegistryDelegate;
use runar_node::{Node, RequestContext, TopicPath};

use super::service::HandlerFuture;
use crate::sync::lock;
use crate::value::ArcValue;

/// Limits of the paths that peers announce.
const MAX_PATH_BYTES: usize = 1_024;
const MAX_PATH_PARTS: usize = 32;
const MAX_REMOTE_ACTIONS: usize = 100_000;

/// Calls an action of a peer by its full path.
pub type RemoteCall = Arc<dyn Fn(String, Option<ArcValue>) -> HandlerFuture + Send + Sync>;

#[derive(Default)]
pub struct RemoteActions(Mutex<HashSet<String>>);

impl RemoteActions {
    /// Registers actions with a node of the core, which then calls them through `call`.
    pub async fn register(&self, node: &Node, paths: Vec<String>, call: &RemoteCall) {
        for path in paths {
            // The core walks a path by recursion, and keeps each for good.
            let is_sane = path.len() <= MAX_PATH_BYTES && path.split('/').count() <= MAX_PATH_PARTS;
            if !is_sane || !self.insert(&path) {
                continue;
            }
            let call = call.clone();
            let handler = Arc::new(move |payload: Option<ArcValue>, context: RequestContext| {
                call(context.topic_path.as_str().to_owned(), payload)
            });
            let registered = match TopicPath::from_full_path(&path) {
                Ok(topic) => {
                    RegistryDelegate::register_remote_action_handler(node, &topic, handler)
                        .await
                        .map_err(|error| error.to_string())
                }
                Err(error) => Err(error),
            };
            if let Err(error) = registered {
                lock(&self.0).remove(&path);
                log::warn!("The action {path} of a peer cannot be called: {error}");
            }
        }
    }

    fn insert(&self, path: &str) -> bool {
        let mut actions = lock(&self.0);
        actions.len() < MAX_REMOTE_ACTIONS && actions.insert(path.to_owned())
    }

    pub fn clear(&self) {
        lock(&self.0).clear();
    }
}
