//! Parsing and checking the config.

use serde_json::Value;

use super::describe::{describe, refused};
use super::fields::is_address;
use super::schema::{Config, NetworkConfig};
use crate::error::{Code, Error, Result};

impl Config {
    pub fn parse(json: &str) -> Result<Config> {
        let given: Value = serde_json::from_str(json)
            .map_err(|error| Error::new(Code::Config, format!("config: no JSON: {error}")))?;
        let config: Config = serde_path_to_error::deserialize(&given)
            .map_err(|error| describe(error.path(), &error.inner().to_string(), &given))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        if let Some(id) = &self.default_network_id {
            check_network_id("default_network_id", id)?;
        }
        for (index, id) in self.network_ids.iter().enumerate() {
            check_network_id(&format!("network_ids[{index}]"), id)?;
        }
        self.network_config.as_ref().map_or(Ok(()), NetworkConfig::check)
    }
}

fn check_network_id(path: &str, id: &str) -> Result<()> {
    if id.is_empty()
        || id.contains([':', '/', '*', '>', '{', '}'])
        || id.contains(char::is_whitespace)
        || id.contains(char::is_control)
    {
        return Err(refused(path, &format!("{id:?} is no network id: it may not be empty nor hold spaces, control characters or any of : / * > {{ }}")));
    }
    Ok(())
}

impl NetworkConfig {
    fn check(&self) -> Result<()> {
        if self.discovery_providers.len() > 1 {
            return Err(refused(
                "network_config.discovery_providers",
                "expected one provider at most: there is one set of options",
            ));
        }
        if self.discovery_options.is_some() && self.discovery_providers.is_empty() {
            return Err(refused(
                "network_config.discovery_options",
                "needs a provider, such as discovery_providers: [{\"multicast\": {}}]",
            ));
        }
        for (index, peer) in self.peers.iter().enumerate() {
            let path = format!("network_config.peers[{index}].addresses");
            if peer.addresses.is_empty() {
                return Err(refused(&path, "expected one address at least"));
            }
            if let Some(bad) = peer.addresses.iter().find(|address| !is_address(address)) {
                let what = format!("{bad:?} is no address with a port such as 127.0.0.1:4433");
                return Err(refused(&path, &what));
            }
        }
        Ok(())
    }
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
            "config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got \"soon\""
        );
    }

    #[test]
    fn an_array_is_no_object() {
        assert_eq!(
            refusal(r#"{"network_config": {"transport_options": []}}"#),
            "config.network_config.transport_options: expected an object, got an array"
        );
        assert_eq!(
            refusal(r#"{"network_config": {"discovery_providers": [["multicast"]]}}"#),
            "config.network_config.discovery_providers[0]: expected an object, got an array"
        );
    }
}
