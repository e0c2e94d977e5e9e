import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

for (const config of [
  { logger: () => undefined },
  { node_id: Symbol("a") },
  { request_timeout_ms: Number.NaN },
  { network_ids: ["a", () => "b"] },
  { network_config: { max_connections: Number.POSITIVE_INFINITY } },
]) {
  const error = thrown(() => new Node(config));
  say(error, error.details);
}
const shared = { multicast: {} };
new Node({ network_config: { discovery_providers: [shared], discovery_options: {} } });
new Node({ node_id: undefined });
say("undefined is left out");
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: config.logger: a function is no JSON {path: "config.logger"}
// ConfigError ERR_RUNAR_CONFIG: config.node_id: a symbol is no JSON {path: "config.node_id"}
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout_ms: NaN is no JSON {path: "config.request_timeout_ms"}
// ConfigError ERR_RUNAR_CONFIG: config.network_ids[1]: a function is no JSON {path: "config.network_ids[1]"}
// ConfigError ERR_RUNAR_CONFIG: config.network_config.max_connections: Infinity is no JSON {path: "config.network_config.max_connections"}
// undefined is left out
// end
// exit 0
