import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const multicast_options = {
  announce_interval_ms: 1,
  discovery_timeout_ms: 1,
  node_ttl_ms: 1,
  use_multicast: false,
  local_network_only: true,
};
const node = new Node({
  $schema: "./node_modules/runar-ts/config.schema.json",
  node_id: "greenhouse",
  default_network_id: "garden",
  network_ids: ["shed", "house"],
  network_config: {
    transport_options: { bind_address: "[::1]:0", timeout_ms: 1, max_message_size: 1 },
    quic_options: { response_cache_ttl_ms: 1 },
    discovery_providers: [
      { multicast: { ...multicast_options, multicast_group: "239.255.42.98:45678" } },
    ],
    discovery_options: {
      ...multicast_options,
      debounce_window_ms: 1,
      multicast_group: "224.0.0.1",
    },
    connection_timeout_ms: 1,
    request_timeout_ms: 1,
    max_connections: 1,
    max_message_size: 1,
    max_chunk_size: 4_294_967_295,
  },
  logging_config: {
    default_level: "off",
    component_levels: { Node: "trace", Service: "info", Mine: "error" },
  },
  request_timeout_ms: 4_294_967_295,
});
say(node.state);
end();

// trace
// created
// end
// exit 0
