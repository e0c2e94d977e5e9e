import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const network = (network_config) => ({ network_config });
for (const config of [
  { netwrk_config: {} },
  { requestTimeoutMs: 5 },
  { nodeId: "a" },
  { zzz: 1 },
  { "": 1 },
  network({ transport_option: {} }),
  network({ discovery_provider: [] }),
  network({ discovery_options: { use_multicasts: true } }),
  network({ transport_options: { bind_adress: "x" } }),
  network({ transport_options: { timeout: 1 } }),
  network({ discovery_providers: [{ multicast: { node_ttl: 5 } }] }),
  network({ quic_options: { cache: 1 } }),
  { logging_config: { level: "info" } },
  { logging_config: { default_levels: "info" } },
]) {
  const error = thrown(() => new Node(config));
  say(error, error.details);
}
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: config.netwrk_config: unknown key, did you mean network_config? {path: "config.netwrk_config"}
// ConfigError ERR_RUNAR_CONFIG: config.requestTimeoutMs: unknown key, did you mean request_timeout_ms? {path: "config.requestTimeoutMs"}
// ConfigError ERR_RUNAR_CONFIG: config.nodeId: unknown key, did you mean node_id? {path: "config.nodeId"}
// ConfigError ERR_RUNAR_CONFIG: config.zzz: unknown key; known are node_id, default_network_id, network_ids, network_config, logging_config, request_timeout_ms, $schema {path: "config.zzz"}
// ConfigError ERR_RUNAR_CONFIG: config.: unknown key; known are node_id, default_network_id, network_ids, network_config, logging_config, request_timeout_ms, $schema {path: "config."}
// ConfigError ERR_RUNAR_CONFIG: config.network_config.transport_option: unknown key, did you mean transport_options? {path: "config.network_config.transport_option"}
// ConfigError ERR_RUNAR_CONFIG: config.network_config.discovery_provider: unknown key, did you mean discovery_providers? {path: "config.network_config.discovery_provider"}
// ConfigError ERR_RUNAR_CONFIG: config.network_config.discovery_options.use_multicasts: unknown key, did you mean use_multicast? {path: "config.network_config.discovery_options.use_multicasts"}
// ConfigError ERR_RUNAR_CONFIG: config.network_config.transport_options.bind_adress: unknown key, did you mean bind_address? {path: "config.network_config.transport_options.bind_adress"}
// ConfigError ERR_RUNAR_CONFIG: config.network_config.transport_options.timeout: unknown key, did you mean timeout_ms? {path: "config.network_config.transport_options.timeout"}
// ConfigError ERR_RUNAR_CONFIG: config.network_config.discovery_providers[0].multicast.node_ttl: unknown key, did you mean node_ttl_ms? {path: "config.network_config.discovery_providers[0].multicast.node_ttl"}
// ConfigError ERR_RUNAR_CONFIG: config.network_config.quic_options.cache: unknown key; known are response_cache_ttl_ms {path: "config.network_config.quic_options.cache"}
// ConfigError ERR_RUNAR_CONFIG: config.logging_config.level: unknown key; known are default_level, component_levels {path: "config.logging_config.level"}
// ConfigError ERR_RUNAR_CONFIG: config.logging_config.default_levels: unknown key, did you mean default_level? {path: "config.logging_config.default_levels"}
// end
// exit 0
