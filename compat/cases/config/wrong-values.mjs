import { Node } from "runar-ts";
import { describe, end, say, thrown } from "../../kit.mjs";

for (const config of [
  { node_id: 5 },
  { network_ids: "one" },
  { request_timeout_ms: -5 },
  { request_timeout_ms: 1.5 },
  { network_config: { transport_options: { bind_address: "nowhere" } } },
  { logging_config: { default_level: "loud" } },
  { network_config: { max_connections: 0 } },
]) {
  say(describe(thrown(() => new Node(config))));
}
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: config.node_id: expected a string, got 5
// ConfigError ERR_RUNAR_CONFIG: config.network_ids: expected an array, got "one"
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got -5
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got 1.5
// ConfigError ERR_RUNAR_CONFIG: config.network_config.transport_options.bind_address: expected an address and a port such as 127.0.0.1:0, got "nowhere"
// ConfigError ERR_RUNAR_CONFIG: config.logging_config.default_level: expected trace, debug, info, warn, error or off, got "loud"
// ConfigError ERR_RUNAR_CONFIG: config.network_config.max_connections: expected a whole number of at least 1, got 0
// end
// exit 0
