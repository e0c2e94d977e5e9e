//! The peers that a node is connected to, what each offers, and through which connection it is
//! reached.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use runar_common::compact_ids::compact_id;
use runar_node::network::discovery::NodeInfo;
use runar_node::TopicPath;
use serde_json::{json, Value};
use tokio::sync::watch;

use super::super::without_network;
use super::link::Link;
use crate::crossing::lock;

/// A peer may be reached through two connections when both sides have called at once. More are left
/// over from what the peer itself believes to be over.
const MOST_LINKS: usize = 2;

struct Peer {
    info: NodeInfo,
    /// The one that is used is the last: a peer that calls again has lost the one before.
    links: Vec<Arc<Link>>,
    sdk: bool,
}

pub struct Peers {
    known: Mutex<HashMap<String, Peer>>,
    turn: AtomicUsize,
    /// Counts what has changed, for those who wait.
    changes: watch::Sender<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Connected,
    Updated,
    Disconnected,
}

impl Change {
    fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Updated => "updated",
            Self::Disconnected => "disconnected",
        }
    }
}

impl Default for Peers {
    fn default() -> Self {
        Self { known: Mutex::default(), turn: AtomicUsize::new(0), changes: watch::channel(0).0 }
    }
}

impl Peers {
    /// Takes in a connection; what it replaces is closed. Returns what to tell of it.
    pub fn attach(&self, link: Arc<Link>, info: NodeInfo) -> String {
        let mut known = lock(&self.known);
        let id = link.peer.clone();
        let peer = known.entry(id).or_insert_with(|| Peer {
            info: info.clone(),
            links: Vec::new(),
            sdk: link.sdk,
        });
        let change = if peer.links.is_empty() { Change::Connected } else { Change::Updated };
        let is_proven = peer.is_proven();
        // Whoever has not proven to be this peer changes nothing about it.
        if link.authenticated || !is_proven {
            // Versions of our own only ever grow; the core begins anew with every start.
            if !link.sdk || !is_proven || info.version >= peer.info.version {
                peer.info = info;
            }
            peer.sdk = link.sdk;
            peer.links.push(link);
        } else {
            peer.links.insert(0, link);
        }
        while peer.links.len() > MOST_LINKS {
            peer.links.remove(0).close("replaced by a newer connection");
        }
        let told = told(change, peer, peer.is_proven());
        drop(known);
        self.has_changed();
        told
    }

    /// Forgets a connection that is over. Returns what to tell when it was the peer's last.
    pub fn detach(&self, link: &Arc<Link>) -> Option<String> {
        let mut known = lock(&self.known);
        let peer = known.get_mut(&link.peer)?;
        let was_proven = peer.is_proven();
        peer.links.retain(|other| !Arc::ptr_eq(other, link));
        let told = if peer.links.is_empty() {
            known.remove(&link.peer).map(|peer| told(Change::Disconnected, &peer, was_proven))
        } else {
            None
        };
        drop(known);
        self.has_changed();
        told
    }

    /// Takes in what a peer says of itself now. Returns what to tell when it is news.
    pub fn update(&self, link: &Link, info: NodeInfo) -> Option<String> {
        if compact_id(&info.node_public_key) != link.peer {
            return None;
        }
        let mut known = lock(&self.known);
        let peer = known.get_mut(&link.peer)?;
        if peer.is_proven() && !link.authenticated {
            return None;
        }
        if info.version <= peer.info.version {
            return None;
        }
        peer.info = info;
        let told = told(Change::Updated, peer, peer.is_proven());
        drop(known);
        self.has_changed();
        Some(told)
    }

    fn has_changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub fn is_connected(&self, id: &str) -> bool {
        lock(&self.known).contains_key(id)
    }

    /// The connections through which peers are told of events and news.
    pub fn links(&self) -> Vec<Arc<Link>> {
        lock(&self.known).values().filter_map(Peer::steady).collect()
    }

    pub fn count(&self) -> usize {
        lock(&self.known).len()
    }

    pub fn all_links(&self, id: &str) -> Vec<Arc<Link>> {
        lock(&self.known).get(id).map(|peer| peer.links.clone()).unwrap_or_default()
    }

    /// The peers that offer an action, the one whose turn it is first.
    pub fn offering(&self, topic: &TopicPath) -> Vec<Arc<Link>> {
        let known = lock(&self.known);
        let mut offering: Vec<_> = known
            .iter()
            .filter(|(_, peer)| offers(&peer.info, topic))
            .filter_map(|(id, peer)| Some((id, peer.best()?)))
            .collect();
        offering.sort_by(|a, b| a.0.cmp(b.0));
        let mut links: Vec<_> = offering.into_iter().map(|(_, link)| link).collect();
        if links.len() > 1 {
            let turn = self.turn.fetch_add(1, Ordering::Relaxed) % links.len();
            links.rotate_left(turn);
        }
        links
    }

    /// The peers that listen to a topic.
    pub fn listening(&self, topic: &TopicPath) -> Vec<Arc<Link>> {
        let known = lock(&self.known);
        known
            .values()
            .filter(|peer| {
                peer.info.node_metadata.subscriptions.iter().any(|subscription| {
                    TopicPath::from_full_path(&subscription.path)
                        .is_ok_and(|pattern| pattern.matches(topic))
                })
            })
            .filter_map(Peer::steady)
            .collect()
    }
}

impl Peer {
    /// Whether one of its connections proves that it is who it says it is.
    fn is_proven(&self) -> bool {
        self.links.iter().any(|link| link.authenticated)
    }

    /// The one that events go through: the first, as long as it lasts, so that they keep their order.
    fn steady(&self) -> Option<Arc<Link>> {
        let proven = self.is_proven();
        let mut open = self.links.iter().filter(|link| link.is_open());
        open.find(|link| link.authenticated == proven).cloned()
    }

    fn best(&self) -> Option<Arc<Link>> {
        self.links.iter().rev().find(|link| link.is_open()).cloned()
    }
}

/// The full paths of the actions that a node offers.
pub fn action_paths(info: &NodeInfo) -> impl Iterator<Item = String> + '_ {
    info.node_metadata.services.iter().flat_map(|service| {
        // The core's own services have nothing to say to other nodes.
        let shown = !service.service_path.starts_with('$');
        service.actions.iter().filter(move |_| shown).map(move |action| {
            format!("{}:{}/{}", service.network_id, service.service_path, action.name)
        })
    })
}

fn offers(info: &NodeInfo, topic: &TopicPath) -> bool {
    action_paths(info).any(|path| {
        path == topic.as_str()
            || (path.contains('{')
                && TopicPath::from_full_path(&path).is_ok_and(|template| {
                    template.network_id() == topic.network_id()
                        && topic.matches_template(&template.action_path())
                }))
    })
}

/// What JavaScript is told, as JSON: `{ change, peer }`.
fn told(change: Change, peer: &Peer, authenticated: bool) -> String {
    let info = &peer.info;
    let metadata = &info.node_metadata;
    let services: Vec<Value> = metadata
        .services
        .iter()
        .filter(|service| !service.service_path.starts_with('$'))
        .map(|service| {
            let actions: Vec<_> = service.actions.iter().map(|action| &action.name).collect();
            json!({
                "path": service.service_path,
                "name": service.name,
                "version": service.version,
                "description": service.description,
                "actions": actions,
            })
        })
        .collect();
    let subscriptions: Vec<_> = metadata
        .subscriptions
        .iter()
        .map(|subscription| without_network(&subscription.path))
        .filter(|topic| !topic.starts_with('$'))
        .collect();
    json!({
        "change": change.name(),
        "peer": {
            "id": compact_id(&info.node_public_key),
            "publicKey": hex::encode(&info.node_public_key),
            "addresses": info.addresses,
            "services": services,
            "subscriptions": subscriptions,
            "connected": change != Change::Disconnected,
            "authenticated": authenticated,
            "sdk": peer.sdk,
        },
    })
    .to_string()
}
