//! The actions that a gateway reaches, by their paths.

use std::collections::HashSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::json;

use super::endpoint::{Endpoint, ReachableService};
use crate::error::{Code, Error, Result};

#[derive(Clone)]
pub struct Action {
    pub endpoint: Arc<dyn Endpoint>,
    /// Whether it may be called by GET.
    pub is_safe: bool,
}

#[derive(Default)]
pub struct Table {
    exact: FxHashMap<String, Action>,
    /// By the number of their parts, in the order in which they were added.
    templates: FxHashMap<usize, Vec<(Vec<Part>, Action)>>,
}

enum Part {
    Text(String),
    Variable,
}

impl Part {
    fn of(text: &str) -> Self {
        match text.starts_with('{') && text.ends_with('}') {
            true => Self::Variable,
            false => Self::Text(text.to_owned()),
        }
    }

    fn fits(&self, given: &str) -> bool {
        match self {
            Self::Text(text) => text == given,
            Self::Variable => true,
        }
    }
}

impl Table {
    /// Fails when `safe` names an action that is not reached.
    pub fn new(
        services: Vec<ReachableService>,
        reached: Option<&[String]>,
        safe: &[String],
    ) -> Result<Self> {
        let mut table = Self::default();
        let mut unknown: HashSet<&str> = safe.iter().map(String::as_str).collect();
        let is_reached = |service: &ReachableService| match reached {
            Some(paths) => paths.contains(&service.path),
            None => service.is_javascript,
        };
        for service in services.into_iter().filter(is_reached) {
            for (name, endpoint) in service.actions {
                let path = format!("{}/{name}", service.path);
                let is_safe = unknown.remove(path.as_str());
                table.add(path, Action { endpoint, is_safe });
            }
        }
        match safe.iter().find(|path| unknown.contains(path.as_str())) {
            None => Ok(table),
            Some(path) => Err(Error::new(
                Code::ServiceDefinition,
                format!("gateway.safe: the gateway reaches no action {path:?}"),
            )
            .with_details(json!({ "path": "gateway.safe", "action": path }))),
        }
    }

    fn add(&mut self, path: String, action: Action) {
        let parts: Vec<Part> = path.split('/').map(Part::of).collect();
        if parts.iter().all(|part| matches!(part, Part::Text(_))) {
            self.exact.insert(path, action);
        } else {
            self.templates.entry(parts.len()).or_default().push((parts, action));
        }
    }

    /// The action of a path. Like a call by path: a path that is written out comes first, then the
    /// template that was added first.
    pub fn find(&self, path: &str) -> Option<&Action> {
        if let Some(action) = self.exact.get(path) {
            return Some(action);
        }
        if self.templates.is_empty() {
            return None;
        }
        let given: Vec<&str> = path.split('/').collect();
        let fits = |parts: &[Part]| parts.iter().zip(&given).all(|(part, text)| part.fits(text));
        let candidates = self.templates.get(&given.len())?;
        candidates.iter().find(|(parts, _)| fits(parts)).map(|(_, action)| action)
    }
}
