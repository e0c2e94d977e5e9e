import { Node } from "runar-ts";
import { describe, end, say, thrown } from "../../kit.mjs";

for (const config of [
  { nodeId: "a" },
  { network_config: { transport_option: {} } },
  { network_config: { discovery_options: { use_multicasts: true } } },
  { logging_config: { default_levels: "info" } },
]) {
  const error = thrown(() => new Node(config));
  say(describe(error));
  say("details", error.details);
}
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: config.nodeId: unknown key, did you mean node_id?
// details {path: "config.nodeId"}
// ConfigError ERR_RUNAR_CONFIG: config.network_config.transport_option: unknown key, did you mean transport_options?
// details {path: "config.network_config.transport_option"}
// ConfigError ERR_RUNAR_CONFIG: config.network_config.discovery_options.use_multicasts: unknown key, did you mean use_multicast?
// details {path: "config.network_config.discovery_options.use_multicasts"}
// ConfigError ERR_RUNAR_CONFIG: config.logging_config.default_levels: unknown key, did you mean default_level?
// details {path: "config.logging_config.default_levels"}
// end
// exit 0
