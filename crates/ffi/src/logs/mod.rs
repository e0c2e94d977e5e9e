//! The routing of log records to isolates, and their levels. The records of a node are queued until
//! its isolate takes them. Records that name no node go to a queue of the oldest isolate, as those
//! of node 0.

mod columns;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use runar_logging_bridge::{
    install, BatchLimits, Counts, Directives, Filter, Level, Queue, Record, Router, Threshold,
};
use rustc_hash::FxHashMap;
use serde_json::{json, Map, Value};

use crate::config::{Config, LevelFilter};
use crate::error::{Code, Error, Result};
use crate::isolate::{registry, Isolate};

use self::columns::Columns;

/// Above every level: nothing passes.
const OFF: usize = Level::ALL.len();

/// The default level. The core logs every step of a start as information, so only warnings and
/// errors pass until a level is set. The same applies to all other crates.
const DEFAULT_LEVEL: Threshold = Some(Level::Warn);

/// The environment variable whose directives override the levels of a node's config.
const VARIABLE: &str = "RUNAR_LOG";

struct NodeLogs {
    isolate: Arc<Isolate>,
    queue: Arc<Queue>,
    filter: Filter,
}

struct Routes {
    nodes: RwLock<FxHashMap<u32, NodeLogs>>,
    /// For records that name no node.
    nodeless: Filter,
    directives: Directives,
    /// Why the variable is ignored.
    problem: Option<String>,
    lowest: AtomicUsize,
}

/// The bridge must be there before the first node: the core installs a logger of its own if it
/// finds none.
fn routes() -> &'static Routes {
    static ROUTES: OnceLock<Routes> = OnceLock::new();
    static LOG_IS_OURS: OnceLock<bool> = OnceLock::new();
    let routes = ROUTES.get_or_init(|| {
        let text = std::env::var(VARIABLE).unwrap_or_default();
        let (directives, problem) = match text.parse::<Directives>() {
            Ok(directives) => (directives, None),
            Err(error) => (
                Directives::default(),
                Some(format!("{VARIABLE}={text} is ignored: {error}; write warn,Network=debug")),
            ),
        };
        let mut nodeless = Filter::new(DEFAULT_LEVEL);
        nodeless.apply(&directives);
        let nodes = RwLock::default();
        Routes { nodes, nodeless, directives, problem, lowest: AtomicUsize::new(OFF) }
    });
    if *LOG_IS_OURS.get_or_init(|| install(routes).log) {
        let lowest = routes.lowest.load(Ordering::Relaxed);
        let filter =
            Level::ALL.get(lowest).map_or(log::LevelFilter::Off, |level| level.to_log_filter());
        log::set_max_level(filter);
    }
    routes
}

impl Router for Routes {
    fn enabled(&self, level: Level, target: &str) -> bool {
        level as usize >= self.lowest.load(Ordering::Relaxed)
            // The core's macros check with the targets of their modules, and write with another.
            // Only the text of a record names its node.
            && (target.starts_with("runar") || self.nodeless.wants(level, None, target))
    }

    fn route(&self, mut record: Record) {
        if record.label.is_some() {
            // Root records leave out their component, which is this one.
            record.component.get_or_insert_with(|| "Node".to_owned());
        }
        if let Some(node) = record.label.take().as_deref().and_then(handle_of) {
            let nodes = self.nodes.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(logs) = nodes.get(&node) {
                if logs.filter.wants(record.level, record.component.as_deref(), &record.target)
                    && logs.queue.push(record)
                {
                    let isolate = logs.isolate.clone();
                    drop(nodes);
                    isolate.announce_logs(node);
                }
                return;
            }
        }
        if self.nodeless.wants(record.level, record.component.as_deref(), &record.target) {
            if let Some(isolate) = registry::oldest() {
                if isolate.logs.push(record) {
                    isolate.announce_logs(0);
                }
            }
        }
    }
}

fn handle_of(label: &str) -> Option<u32> {
    label.rsplit_once('#')?.1.parse().ok()
}

/// Two components have other names in records than in the core's logging config.
fn name_in_records(configured: &str) -> Option<&'static str> {
    match configured {
        "Database" => Some("DB"),
        "Network" => Some("NetworkDiscovery"),
        _ => None,
    }
}

fn set(filter: &mut Filter, name: &str, level: Threshold) {
    filter.set(name, level);
    if let Some(name) = name_in_records(name) {
        filter.set(name, level);
    }
}

/// Registers a node. Returns the label for its log records.
pub fn register(node: u32, isolate: &Arc<Isolate>, config: &Config) -> String {
    let mut filter = Filter::new(DEFAULT_LEVEL);
    if let Some(logging) = &config.logging_config {
        if let Some(level) = logging.default_level {
            filter.set_default(level.threshold());
        }
        for (name, level) in &logging.component_levels {
            set(&mut filter, name, level.threshold());
        }
    }
    let Directives { default, named } = &routes().directives;
    if let Some(default) = default {
        filter.set_default(*default);
    }
    for (name, level) in named {
        set(&mut filter, name, *level);
    }
    let logs = NodeLogs { isolate: isolate.clone(), queue: Arc::default(), filter };
    change(|nodes| {
        nodes.insert(node, logs);
    });
    // Not the node's own name, which may contain the end mark of a label.
    format!("node#{node}")
}

/// Ends the records of a node: its isolate takes the rest and then forgets it.
pub fn end(node: u32) {
    let isolate = {
        let nodes = routes().nodes.read().unwrap_or_else(PoisonError::into_inner);
        nodes.get(&node).map(|logs| logs.isolate.clone())
    };
    if isolate.is_some_and(|isolate| !isolate.announce_end_of_logs(node)) {
        forget(node);
    }
}

pub fn forget(node: u32) {
    change(|nodes| {
        nodes.remove(&node);
    });
}

pub fn set_level(node: u32, level: LevelFilter, component: Option<String>) {
    change(|nodes| {
        if let Some(logs) = nodes.get_mut(&node) {
            match component {
                Some(component) => set(&mut logs.filter, &component, level.threshold()),
                None => {
                    // This resets the levels of components too.
                    logs.filter = Filter::new(level.threshold());
                }
            }
        }
    });
}

fn change(edit: impl FnOnce(&mut FxHashMap<u32, NodeLogs>)) {
    let routes = routes();
    let rank = |level: Threshold| level.map_or(OFF, |level| level as usize);
    {
        let mut nodes = routes.nodes.write().unwrap_or_else(PoisonError::into_inner);
        edit(&mut nodes);
        let lowest = nodes
            .values()
            .map(|logs| rank(logs.filter.lowest()))
            .chain([rank(routes.nodeless.lowest())])
            .min();
        routes.lowest.store(lowest.unwrap_or(OFF), Ordering::Relaxed);
    }
    self::routes();
}

fn with_queue<T>(isolate: u32, node: u32, body: impl FnOnce(&Queue) -> T) -> Result<Option<T>> {
    if node == 0 {
        return Ok(Some(body(&registry::find(isolate)?.logs)));
    }
    let queue = {
        let nodes = routes().nodes.read().unwrap_or_else(PoisonError::into_inner);
        nodes.get(&node).map(|logs| logs.queue.clone())
    };
    Ok(queue.map(|queue| body(&queue)))
}

/// Takes a batch as JSON; empty when there is none.
pub fn take(isolate: u32, node: u32, limits: BatchLimits) -> Result<String> {
    let Some(batch) = with_queue(isolate, node, |queue| queue.take(limits))? else {
        return Ok(String::new());
    };
    if batch.records.is_empty() && batch.dropped.iter().all(|count| *count == 0) {
        return Ok(String::new());
    }
    serde_json::to_string(&Columns::of(&batch))
        .map_err(|error| Error::new(Code::Value, error.to_string()))
}

/// The counts of every level, lowest level first.
pub fn counts(isolate: u32, node: u32) -> Result<Value> {
    let counts = with_queue(isolate, node, Queue::counts)?.unwrap_or_default();
    let counts: Vec<[u64; 4]> = counts
        .into_iter()
        .map(|Counts { accepted, delivered, dropped, pending }| {
            [accepted, delivered, dropped, pending]
        })
        .collect();
    Ok(json!(counts))
}

/// The directives of the environment: `{ default?, named: { … }, problem? }`.
pub fn directives() -> Value {
    let text = |level: &Threshold| level.map_or(json!("off"), |level| json!(level));
    let Routes { directives, problem, .. } = routes();
    let named: Map<String, Value> =
        directives.named.iter().map(|(name, level)| (name.clone(), text(level))).collect();
    json!({ "default": directives.default.as_ref().map(text), "named": named, "problem": problem })
}
