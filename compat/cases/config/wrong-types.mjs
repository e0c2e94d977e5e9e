import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const network = (network_config) => ({ network_config });
for (const config of [
  { node_id: 5 },
  { node_id: null },
  { network_ids: "a" },
  { network_ids: ["a", {}] },
  network(true),
  network([]),
  network({ transport_options: { bind_address: 8080 } }),
  network({ discovery_providers: { multicast: {} } }),
  network({ discovery_providers: ["multicast"] }),
  network({ max_connections: "many" }),
  { logging_config: "info" },
  { logging_config: { component_levels: [] } },
  { request_timeout_ms: "5000" },
  { request_timeout_ms: null },
]) {
  const error = thrown(() => new Node(config));
  say(error, error.details?.path);
}
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: config.node_id: expected a string, got 5 config.node_id
// ConfigError ERR_RUNAR_CONFIG: config.node_id: expected a string, got null config.node_id
// ConfigError ERR_RUNAR_CONFIG: config.network_ids: expected an array, got "a" config.network_ids
// ConfigError ERR_RUNAR_CONFIG: config.network_ids[1]: expected a string, got an object config.network_ids[1]
// ConfigError ERR_RUNAR_CONFIG: config.network_config: expected an object, got true config.network_config
// ConfigError ERR_RUNAR_CONFIG: config.network_config: expected an object, got an array config.network_config
// ConfigError ERR_RUNAR_CONFIG: config.network_config.transport_options.bind_address: expected an address and a port such as 127.0.0.1:0, got 8080 config.network_config.transport_options.bind_address
// ConfigError ERR_RUNAR_CONFIG: config.network_config.discovery_providers: expected an array, got an object config.network_config.discovery_providers
// ConfigError ERR_RUNAR_CONFIG: config.network_config.discovery_providers[0]: expected an object, got "multicast" config.network_config.discovery_providers[0]
// ConfigError ERR_RUNAR_CONFIG: config.network_config.max_connections: expected a whole number of at least 1, got "many" config.network_config.max_connections
// ConfigError ERR_RUNAR_CONFIG: config.logging_config: expected an object, got "info" config.logging_config
// ConfigError ERR_RUNAR_CONFIG: config.logging_config.component_levels: expected an object, got an array config.logging_config.component_levels
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got "5000" config.request_timeout_ms
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got null config.request_timeout_ms
// end
// exit 0
