//! The peers that a node is connected to, what each offers, and through which connection it is
//! reached.

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

/// A peer may be reached through two connections when both sides have called at once. More are left
/// over from what the peer itself believes to be over.
const MAX_LINKS: usize = 2;

struct Peer {
    info: NodeInfo,
    /// What it listens to.
    listens: Vec<TopicPath>,
    /// The one that is used is the last: a peer that calls again has lost the one before.
    links: Vec<Arc<Link>>,
    sdk: bool,
}

#[derive(Default)]
struct Known {
    peers: BTreeMap<String, Peer>,
    /// Who offers an action, by the full path of the action.
    offers: HashMap<String, Vec<String>>,
    /// The same for those whose paths have variable parts.
    templates: Vec<(TopicPath, Vec<String>)>,
}

impl Known {
    /// What peers offer has changed.
    fn note(&mut self) {
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
        let is_sdk = link.as_session().is_some();
        let peer = known.peers.entry(id).or_insert_with(|| Peer {
            listens: patterns(&info),
            info: info.clone(),
            links: Vec::new(),
            sdk: is_sdk,
        });
        let change = if peer.links.is_empty() { Change::Connected } else { Change::Updated };
        let is_proven = peer.is_proven();
        // Whoever has not proven to be this peer changes nothing about it.
        if link.authenticated || !is_proven {
            // Versions of our own only ever grow; the core begins anew with every start.
            if !is_sdk || !is_proven || info.version >= peer.info.version {
                peer.listens = patterns(&info);
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
        let told = told(change, peer, peer.is_proven());
        known.note();
        drop(known);
        self.has_changed();
        told
    }

    /// Forgets a connection that is over. Returns what to tell when it was the peer's last.
    pub fn detach(&self, link: &Arc<Link>) -> Option<String> {
        let mut known = lock(&self.known);
        let peer = known.peers.get_mut(&link.peer)?;
        let was_proven = peer.is_proven();
        peer.links.retain(|other| !Arc::ptr_eq(other, link));
        let told = if peer.links.is_empty() {
            let gone = known.peers.remove(&link.peer);
            gone.map(|peer| told(Change::Disconnected, &peer, was_proven))
        } else {
            None
        };
        known.note();
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
        let peer = known.peers.get_mut(&link.peer)?;
        if peer.is_proven() && !link.authenticated {
            return None;
        }
        if info.version <= peer.info.version {
            return None;
        }
        peer.listens = patterns(&info);
        peer.info = info;
        let told = told(Change::Updated, peer, peer.is_proven());
        known.note();
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
        lock(&self.known).peers.contains_key(id)
    }

    /// The connections through which peers are told of events and news.
    pub fn links(&self) -> Vec<Arc<Link>> {
        lock(&self.known).peers.values().filter_map(Peer::steady).collect()
    }

    pub fn count(&self) -> usize {
        lock(&self.known).peers.len()
    }

    pub fn all_links(&self, id: &str) -> Vec<Arc<Link>> {
        lock(&self.known).peers.get(id).map(|peer| peer.links.clone()).unwrap_or_default()
    }

    /// The peers that offer an action, by its full path: the one that has the least to do first and,
    /// among equals, the one whose turn it is.
    pub fn offering(&self, topic: &str) -> Vec<Arc<Link>> {
        let known = lock(&self.known);
        let ids = known.offering(topic).unwrap_or_default();
        let mut links: Vec<_> = ids.iter().filter_map(|id| known.peers.get(id)?.best()).collect();
        drop(known);
        if links.len() > 1 {
            let turn = self.turn.fetch_add(1, Ordering::Relaxed) % links.len();
            links.rotate_left(turn);
            links.sort_by_cached_key(|link| link.in_flight());
        }
        links
    }

    /// The peers that listen to a topic.
    pub fn listening(&self, topic: &TopicPath) -> Vec<Arc<Link>> {
        let known = lock(&self.known);
        let listens = |peer: &&Peer| peer.listens.iter().any(|pattern| pattern.matches(topic));
        known.peers.values().filter(listens).filter_map(Peer::steady).collect()
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
