//! Which record goes to which isolate, and at which levels.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use runar_logging_bridge::{install, Level, Record, Router};

use crate::config::{Config, LevelFilter};
use crate::crossing::{self, Isolate};
use crate::error::Result;

/// Above every level: nothing passes.
const OFF: usize = Level::ALL.len();

/// What the core says without being asked: its own information lines tell of every step of a
/// start, so only its warnings and errors show until a level is set.
const DEFAULT_LEVEL: LevelFilter = LevelFilter::Warn;

struct NodeLogs {
    isolate: Arc<Isolate>,
    default_level: LevelFilter,
    component_levels: HashMap<String, LevelFilter>,
}

impl NodeLogs {
    fn wants(&self, level: Level, component: Option<&str>) -> bool {
        component
            .into_iter()
            // `Service.Custom`: the innermost component decides first.
            .flat_map(|component| component.rsplit('.'))
            .find_map(|component| self.component_levels.get(configured_name(component)))
            .unwrap_or(&self.default_level)
            .threshold()
            .is_some_and(|threshold| level >= threshold)
    }

    fn lowest(&self) -> usize {
        self.component_levels
            .values()
            .chain([&self.default_level])
            .map(|filter| filter.threshold().map_or(OFF, |level| level as usize))
            .min()
            .unwrap_or(OFF)
    }
}

/// Records name two components otherwise than the core's logging config does.
fn configured_name(component: &str) -> &str {
    match component {
        "DB" => "Database",
        "NetworkDiscovery" => "Network",
        other => other,
    }
}

#[derive(Default)]
struct Routes {
    nodes: RwLock<HashMap<u32, NodeLogs>>,
    lowest: AtomicUsize,
}

static ROUTES: OnceLock<Routes> = OnceLock::new();

/// The bridge must be there before the first node: the core installs a logger of its own if it
/// finds none.
fn routes() -> &'static Routes {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    let routes =
        ROUTES.get_or_init(|| Routes { lowest: AtomicUsize::new(OFF), ..Routes::default() });
    INSTALLED.get_or_init(|| {
        install(routes);
    });
    routes
}

impl Router for Routes {
    fn enabled(&self, level: Level, target: &str) -> bool {
        let ours = target.starts_with("runar");
        level as usize >= self.lowest.load(Ordering::Relaxed) && (ours || level >= Level::Warn)
    }

    fn route(&self, mut record: Record) {
        let handle = record.label.as_deref().and_then(handle_of);
        let isolate = {
            let nodes = self.nodes.read().unwrap_or_else(PoisonError::into_inner);
            match handle.and_then(|handle| nodes.get(&handle)) {
                Some(node) if node.wants(record.level, record.component.as_deref()) => {
                    Some(node.isolate.clone())
                }
                Some(_) => return,
                None => None,
            }
        };
        record.label = handle.map(|handle| handle.to_string());
        if let Some(isolate) = isolate.or_else(crossing::oldest) {
            isolate.logs.push(record);
            isolate.ring();
        }
    }
}

fn handle_of(label: &str) -> Option<u32> {
    label.rsplit_once('#')?.1.parse().ok()
}

/// Makes the node's records known, and returns the label under which the core is to write them.
pub fn register(node: u32, isolate: &Arc<Isolate>, config: &Config) -> String {
    let logging = config.logging_config.as_ref();
    let logs = NodeLogs {
        isolate: isolate.clone(),
        default_level: logging.and_then(|logging| logging.default_level).unwrap_or(DEFAULT_LEVEL),
        component_levels: logging
            .map(|logging| logging.component_levels.clone())
            .unwrap_or_default(),
    };
    change(|nodes| {
        nodes.insert(node, logs);
    });
    // Not the node's own name, which might hold what ends a label in the text of a record.
    format!("node#{node}")
}

pub fn unregister(node: u32) {
    change(|nodes| {
        nodes.remove(&node);
    });
}

pub fn set_level(node: u32, level: LevelFilter, component: Option<String>) -> Result<()> {
    crate::node::find(node)?;
    change(|nodes| {
        if let Some(logs) = nodes.get_mut(&node) {
            match component {
                Some(component) => {
                    logs.component_levels.insert(component, level);
                }
                None => logs.default_level = level,
            }
        }
    });
    Ok(())
}

fn change(edit: impl FnOnce(&mut HashMap<u32, NodeLogs>)) {
    let routes = routes();
    let mut nodes = routes.nodes.write().unwrap_or_else(PoisonError::into_inner);
    edit(&mut nodes);
    let lowest = nodes.values().map(NodeLogs::lowest).min().unwrap_or(OFF);
    routes.lowest.store(lowest, Ordering::Relaxed);
    let filter =
        Level::ALL.get(lowest).map_or(log::LevelFilter::Off, |level| level.to_log_filter());
    log::set_max_level(filter);
}
