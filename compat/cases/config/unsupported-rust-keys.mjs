import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

for (const config of [
  { key_manager_state: "" },
  { network_config: { transport_type: "quic" } },
  { network_config: { load_balancer: {} } },
  { network_config: { quic_options: { connection_idle_timeout_ms: 1 } } },
  { network_config: { quic_options: { keep_alive_interval: 1 } } },
  { network_config: { discovery_providers: [{ static: { node_addresses: ["127.0.0.1:1"] } }] } },
]) {
  say(thrown(() => new Node(config)));
}
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: config.key_manager_state: cannot be set: it belongs to the node's identity
// ConfigError ERR_RUNAR_CONFIG: config.network_config.transport_type: cannot be set: the core has one transport, QUIC
// ConfigError ERR_RUNAR_CONFIG: config.network_config.load_balancer: cannot be set: the core has one load balancer, round robin
// ConfigError ERR_RUNAR_CONFIG: config.network_config.quic_options.connection_idle_timeout_ms: cannot be set: set network_config.peer_timeout_ms instead
// ConfigError ERR_RUNAR_CONFIG: config.network_config.quic_options.keep_alive_interval: cannot be set: it follows from network_config.peer_timeout_ms
// ConfigError ERR_RUNAR_CONFIG: config.network_config.discovery_providers[0].static: cannot be set: the core does not implement it; name peers in network_config.peers
// end
// exit 0
