//! Filtering of records by level, for each component or target.

use std::collections::HashMap;
use std::str::FromStr;

use tracing_subscriber::filter::{LevelFilter, ParseError, Targets};

use crate::level::Level;

/// The level from which on records pass; `None` lets none through.
pub type Threshold = Option<Level>;

/// A level for everything, and others for those that are named. A name means a component, or a
/// target and all that begin with it; a component counts before a target, the longer target before
/// the shorter.
#[derive(Clone, Debug)]
pub struct Filter {
    default: Threshold,
    named: HashMap<String, Threshold>,
    targets: Targets,
    lowest: Threshold,
}

impl Filter {
    pub fn new(default: Threshold) -> Self {
        let mut filter =
            Self { default, named: HashMap::new(), targets: Targets::new(), lowest: None };
        filter.rebuild();
        filter
    }

    /// Sets the level of everything that is not named.
    pub fn set_default(&mut self, threshold: Threshold) {
        self.default = threshold;
        self.rebuild();
    }

    pub fn set(&mut self, name: impl Into<String>, threshold: Threshold) {
        self.named.insert(name.into(), threshold);
        self.rebuild();
    }

    /// Applies directives, which override all other levels.
    pub fn apply(&mut self, directives: &Directives) {
        if let Some(default) = directives.default {
            self.default = default;
        }
        self.named.extend(directives.named.iter().cloned());
        self.rebuild();
    }

    /// Whether a record passes. `component` may have several parts, `Outer.Inner`: the innermost
    /// that is named decides.
    pub fn wants(&self, level: Level, component: Option<&str>, target: &str) -> bool {
        let named = component
            .into_iter()
            .flat_map(|component| component.rsplit('.'))
            .find_map(|component| self.named.get(component));
        match named {
            Some(threshold) => threshold.is_some_and(|threshold| level >= threshold),
            None => self.targets.would_enable(target, &level.into()),
        }
    }

    /// The lowest level that passes for any component or target.
    pub fn lowest(&self) -> Threshold {
        self.lowest
    }

    fn rebuild(&mut self) {
        let named = self.named.iter().map(|(name, threshold)| (name, to_tracing(*threshold)));
        self.targets = Targets::new().with_targets(named).with_default(to_tracing(self.default));
        self.lowest = self.named.values().chain([&self.default]).filter_map(|level| *level).min();
    }
}

/// The directives of an environment variable: `warn,Network=debug,quinn=off`. The grammar is that
/// of `RUST_LOG`, without spans.
#[derive(Clone, Debug, Default)]
pub struct Directives {
    pub default: Option<Threshold>,
    pub named: Vec<(String, Threshold)>,
}

impl FromStr for Directives {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        // As `RUST_LOG` is read, and unlike `Targets`, for which nothing means errors.
        let parts: Vec<_> =
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            return Ok(Self::default());
        }
        let targets = parts.join(",").parse::<Targets>()?;
        Ok(Self {
            default: targets.default_level().map(from_tracing),
            named: targets.into_iter().map(|(name, level)| (name, from_tracing(level))).collect(),
        })
    }
}

fn to_tracing(threshold: Threshold) -> LevelFilter {
    threshold.map_or(LevelFilter::OFF, |level| LevelFilter::from_level(level.into()))
}

fn from_tracing(level: LevelFilter) -> Threshold {
    level.into_level().map(|level| Level::from(&level))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_named_component_decides_then_the_longest_target_then_the_default() {
        let mut filter = Filter::new(Some(Level::Warn));
        filter.set("Service", Some(Level::Debug));
        filter.set("Noisy", None);
        filter.set("quinn", Some(Level::Info));
        filter.set("quinn::connection", Some(Level::Trace));
        assert!(filter.wants(Level::Debug, Some("Service"), "x"));
        assert!(filter.wants(Level::Debug, Some("Service.Other"), "x"));
        assert!(!filter.wants(Level::Error, Some("Service.Noisy"), "x"));
        assert!(!filter.wants(Level::Info, Some("Other"), "x"));
        assert!(filter.wants(Level::Info, None, "quinn::endpoint"));
        assert!(!filter.wants(Level::Debug, None, "quinn::endpoint"));
        assert!(filter.wants(Level::Trace, None, "quinn::connection"));
        assert_eq!(filter.lowest(), Some(Level::Trace));
    }

    #[test]
    fn levels_change_and_the_lowest_follows() {
        let mut filter = Filter::new(None);
        assert_eq!(filter.lowest(), None);
        filter.set_default(Some(Level::Info));
        filter.set("Keys", Some(Level::Debug));
        assert_eq!(filter.lowest(), Some(Level::Debug));
        filter.set("Keys", None);
        assert_eq!(filter.lowest(), Some(Level::Info));
    }

    #[test]
    fn directives_are_read_as_rust_log_is_and_have_the_last_word() -> Result<(), ParseError> {
        let mut filter = Filter::new(Some(Level::Warn));
        filter.set("Network", None);
        filter.apply(&"info,Network=DEBUG,quinn=off,everything".parse()?);
        assert!(filter.wants(Level::Info, None, "x"));
        assert!(filter.wants(Level::Debug, Some("Network"), "x"));
        assert!(!filter.wants(Level::Error, None, "quinn"));
        assert!(filter.wants(Level::Trace, None, "everything::inside"));
        filter.apply(&" , ".parse()?);
        assert!(filter.wants(Level::Info, None, "x"), "nothing was said");
        for wrong in ["Network=loud", "a=b=c"] {
            assert!(wrong.parse::<Directives>().is_err(), "{wrong}");
        }
        Ok(())
    }
}
