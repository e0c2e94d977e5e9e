//! The node's config: a mirror of the core's `NodeConfig`, which cannot be deserialised itself,
//! in the core's own snake_case.

use std::collections::HashMap;

use runar_logging_bridge::Level;
use serde::Deserialize;
use serde_json::Value;

use crate::error::{Code, Error, Result};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// A name for the node in log records. Its id comes from its key.
    pub node_id: Option<String>,
    pub default_network_id: Option<String>,
    pub network_ids: Vec<String>,
    pub network_config: Option<NetworkConfig>,
    pub logging_config: Option<LoggingConfig>,
    pub request_timeout_ms: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkConfig {
    pub transport_options: Option<TransportOptions>,
    pub connection_timeout_ms: Option<u32>,
    pub request_timeout_ms: Option<u32>,
    pub max_connections: Option<u32>,
    pub max_message_size: Option<usize>,
    pub max_chunk_size: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TransportOptions {
    pub bind_address: Option<std::net::SocketAddr>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoggingConfig {
    pub default_level: Option<LevelFilter>,
    pub component_levels: HashMap<String, LevelFilter>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LevelFilter {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Off,
}

impl LevelFilter {
    /// `None` lets nothing through.
    pub fn threshold(self) -> Option<Level> {
        match self {
            LevelFilter::Trace => Some(Level::Trace),
            LevelFilter::Debug => Some(Level::Debug),
            LevelFilter::Info => Some(Level::Info),
            LevelFilter::Warn => Some(Level::Warn),
            LevelFilter::Error => Some(Level::Error),
            LevelFilter::Off => None,
        }
    }
}

impl Config {
    pub fn parse(json: &str) -> Result<Config> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let config: Config = serde_path_to_error::deserialize(&mut deserializer)
            .map_err(|error| describe(&error.path().to_string(), &error.inner().to_string()))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        if self.request_timeout_ms == Some(0) {
            return Err(refused("request_timeout_ms", "expected at least 1"));
        }
        for (key, id) in self
            .default_network_id
            .iter()
            .map(|id| ("default_network_id", id))
            .chain(self.network_ids.iter().map(|id| ("network_ids", id)))
        {
            if id.is_empty()
                || id.contains([':', '/', '*', '>', '{', '}'])
                || id.contains(char::is_whitespace)
            {
                return Err(refused(key, &format!("{id:?} is no network id: it may not be empty nor hold spaces or any of : / * > {{ }}")));
            }
        }
        Ok(())
    }
}

fn refused(path: &str, what: &str) -> Error {
    Error::new(Code::Config, format!("config.{path}: {what}"))
        .with_details(Value::from_iter([("path", format!("config.{path}"))]))
}

/// serde names an unknown key and its alternatives in back quotes; from them comes the suggestion.
fn describe(path: &str, problem: &str) -> Error {
    // serde_json appends where in the text it stopped, which is a text that the user never saw.
    let problem = problem.split(" at line ").next().unwrap_or(problem);
    let quoted: Vec<&str> = problem.split('`').skip(1).step_by(2).collect();
    if let (true, [key, known @ ..]) = (problem.starts_with("unknown field"), quoted.as_slice()) {
        let hint = match nearest(key, known.iter().copied()) {
            Some(known) => format!("unknown key, did you mean {known}?"),
            None => format!("unknown key; known are {}", known.join(", ")),
        };
        return refused(path, &hint);
    }
    if path == "." {
        return Error::new(Code::Config, format!("config: {problem}"));
    }
    refused(path, problem)
}

/// The known name that a mistyped one most likely meant, if any is close enough.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const CLOSE_ENOUGH: f64 = 0.75;
    known
        .map(|candidate| {
            let likeness = strsim::jaro_winkler(&name.to_lowercase(), &candidate.to_lowercase());
            (likeness, candidate)
        })
        .filter(|(likeness, _)| *likeness >= CLOSE_ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(json: &str) -> String {
        match Config::parse(json) {
            Ok(config) => format!("accepted: {config:?}"),
            Err(error) => error.message,
        }
    }

    #[test]
    fn an_empty_config_is_complete() {
        assert!(Config::parse("{}").is_ok());
    }

    #[test]
    fn an_unknown_key_is_named_with_its_path_and_the_nearest_known_one() {
        assert_eq!(
            refusal(r#"{"netwrk_config": {}}"#),
            "config.netwrk_config: unknown key, did you mean network_config?"
        );
        assert_eq!(
            refusal(r#"{"network_config": {"transport_options": {"bind_adress": "x"}}}"#),
            "config.network_config.transport_options.bind_adress: unknown key, did you mean bind_address?"
        );
    }

    #[test]
    fn a_wrong_type_is_named_with_its_path() {
        assert_eq!(
            refusal(r#"{"request_timeout_ms": "soon"}"#),
            "config.request_timeout_ms: invalid type: string \"soon\", expected u64"
        );
    }
}
