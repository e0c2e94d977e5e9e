//! The table of connected peers: what each offers and subscribes to, and its links.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use runar_common::compact_ids::compact_id;
use runar_node::network::discovery::NodeInfo;
use runar_node::TopicPath;
use serde_json::{json, Value};
use tokio::sync::watch;

use super::link::Link;
use crate::runar::topic::without_network;
use crate::sync::lock;

/// A peer has two links when both sides have dialled at once. Further ones are left over from
/// connections that the peer believes to be closed.
const MAX_LINKS: usize = 2;

struct Peer {
    info: NodeInfo,
    /// The topics and patterns that it subscribes to.
    subscriptions: Vec<TopicPath>,
    /// Calls use the last: a peer that connects again has lost the one before.
    links: Vec<Arc<Link>>,
    /// Whether the peer is a node of this SDK.
    sdk: bool,
}

#[derive(Default)]
struct Known {
    peers: BTreeMap<String, Peer>,
    /// The ids of the peers that offer an action, by its full path.
    offers: HashMap<String, Vec<String>>,
    /// The same for actions with variable parts in their paths.
    templates: Vec<(TopicPath, Vec<String>)>,
}

impl Known {
    /// Rebuilds the tables of actions after a change.
    fn reindex(&mut self) {
        self.offers.clear();
        self.templates.clear();
        for (id, peer) in &self.peers {
            for path in action_paths(&peer.info) {
                self.offers.entry(path).or_default().push(id.clone());
            }
        }
        let templates = self.offers.iter().filter(|(path, _)| path.contains('{'));
        self.templates = templates
            .filter_map(|(path, ids)| Some((TopicPath::from_full_path(path).ok()?, ids.clone())))
            .collect();
    }

    fn offering(&self, topic: &str) -> Option<&[String]> {
        if let Some(ids) = self.offers.get(topic) {
            return Some(ids);
        }
        if self.templates.is_empty() {
            return None;
        }
        let topic = TopicPath::from_full_path(topic).ok()?;
        let fits = |template: &TopicPath| {
            template.network_id() == topic.network_id()
                && topic.matches_template(&template.action_path())
        };
        self.templates.iter().find(|(template, _)| fits(template)).map(|(_, ids)| ids.as_slice())
    }
}

fn patterns(info: &NodeInfo) -> Vec<TopicPath> {
    let subscriptions = &info.node_metadata.subscriptions;
    let parsed = subscriptions.iter().map(|one| TopicPath::from_full_path(&one.path));
    parsed.filter_map(std::result::Result::ok).collect()
}

pub struct Peers {
    known: Mutex<Known>,
    /// Rotates calls among peers that are equally busy.
    turn: AtomicUsize,
    /// Counts changes.
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
    /// Adds a link and closes the one that it replaces. Returns the change as JSON.
    pub fn attach(&self, link: Arc<Link>, info: NodeInfo) -> String {
        let mut known = lock(&self.known);
        let id = link.peer.clone();
        let is_sdk = link.as_session().is_some();
        let peer = known.peers.entry(id).or_insert_with(|| Peer {
            subscriptions: patterns(&info),
            info: info.clone(),
            links: Vec::new(),
            sdk: is_sdk,
        });
        let change = if peer.links.is_empty() { Change::Connected } else { Change::Updated };
        let is_proven = peer.is_proven();
        // A link without proof changes nothing about a peer with one.
        if link.authenticated || !is_proven {
            // The versions of nodes of this SDK only grow; those of the core restart with every
            // start.
            if !is_sdk || !is_proven || info.version >= peer.info.version {
                peer.subscriptions = patterns(&info);
                peer.info = info;
            }
            peer.sdk = is_sdk;
            peer.links.push(link);
        } else {
            peer.links.insert(0, link);
        }
        while peer.links.len() > MAX_LINKS {
            peer.links.remove(0).close("replaced by a newer connection");
        }
        let record = change_record(change, peer, peer.is_proven());
        known.reindex();
        drop(known);
        self.notify();
        record
    }

    /// Removes a link that has ended. Returns the change as JSON when it was the last of its peer.
    pub fn detach(&self, link: &Arc<Link>) -> Option<String> {
        let mut known = lock(&self.known);
        let peer = known.peers.get_mut(&link.peer)?;
        let was_proven = peer.is_proven();
        peer.links.retain(|other| !Arc::ptr_eq(other, link));
        let record = if peer.links.is_empty() {
            let gone = known.peers.remove(&link.peer);
            gone.map(|peer| change_record(Change::Disconnected, &peer, was_proven))
        } else {
            None
        };
        known.reindex();
        drop(known);
        self.notify();
        record
    }

    /// Applies a new description of a peer. Returns the change as JSON.
    pub fn update(&self, id: &str, authenticated: bool, info: NodeInfo) -> Option<String> {
        if compact_id(&info.node_public_key) != id {
            return None;
        }
        let mut known = lock(&self.known);
        let peer = known.peers.get_mut(id)?;
        if peer.is_proven() && !authenticated {
            return None;
        }
        if info.version <= peer.info.version {
            return None;
        }
        peer.subscriptions = patterns(&info);
        peer.info = info;
        let record = change_record(Change::Updated, peer, peer.is_proven());
        known.reindex();
        drop(known);
        self.notify();
        Some(record)
    }

    fn notify(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub fn is_connected(&self, id: &str) -> bool {
        lock(&self.known).peers.contains_key(id)
    }

    /// The links that carry events and updates.
    pub fn links(&self) -> Vec<Arc<Link>> {
        lock(&self.known).peers.values().filter_map(Peer::event_link).collect()
    }

    pub fn count(&self) -> usize {
        lock(&self.known).peers.len()
    }

    pub fn all_links(&self, id: &str) -> Vec<Arc<Link>> {
        lock(&self.known).peers.get(id).map(|peer| peer.links.clone()).unwrap_or_default()
    }

    /// The peers that offer an action, by its full path: those with the fewest calls in flight
    /// first, in rotation among equals.
    pub fn offering(&self, topic: &str) -> Vec<Arc<Link>> {
        let known = lock(&self.known);
        let ids = known.offering(topic).unwrap_or_default();
        let mut links: Vec<_> =
            ids.iter().filter_map(|id| known.peers.get(id)?.call_link()).collect();
        drop(known);
        if links.len() > 1 {
            let turn = self.turn.fetch_add(1, Ordering::Relaxed) % links.len();
            links.rotate_left(turn);
            links.sort_by_cached_key(|link| link.in_flight());
        }
        links
    }

    /// The links to the peers that subscribe to a topic.
    pub fn subscribers(&self, topic: &TopicPath) -> Vec<Arc<Link>> {
        let known = lock(&self.known);
        let subscribes =
            |peer: &&Peer| peer.subscriptions.iter().any(|pattern| pattern.matches(topic));
        known.peers.values().filter(subscribes).filter_map(Peer::event_link).collect()
    }
}

impl Peer {
    /// Whether one of its links proves its identity.
    fn is_proven(&self) -> bool {
        self.links.iter().any(|link| link.authenticated)
    }

    /// The link for events: the first while it is open, so that events keep their order.
    fn event_link(&self) -> Option<Arc<Link>> {
        let proven = self.is_proven();
        let mut open = self.links.iter().filter(|link| link.is_open());
        open.find(|link| link.authenticated == proven).cloned()
    }

    fn call_link(&self) -> Option<Arc<Link>> {
        self.links.iter().rev().find(|link| link.is_open()).cloned()
    }
}

/// The full paths of the actions that a node offers.
pub fn action_paths(info: &NodeInfo) -> impl Iterator<Item = String> + '_ {
    info.node_metadata.services.iter().flat_map(|service| {
        // The core's own services are not for other nodes.
        let shown = !service.service_path.starts_with('$');
        service.actions.iter().filter(move |_| shown).map(move |action| {
            format!("{}:{}/{}", service.network_id, service.service_path, action.name)
        })
    })
}

/// A change for JavaScript, as JSON: `{ change, peer }`.
fn change_record(change: Change, peer: &Peer, authenticated: bool) -> String {
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
