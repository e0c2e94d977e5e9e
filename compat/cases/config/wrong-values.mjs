import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const refusal = (config) => say(thrown(() => new Node(config)));
for (const request_timeout_ms of [0, -1, -5, 1.5, 2 ** 32, 1e300]) refusal({ request_timeout_ms });
for (const key of ["connection_timeout_ms", "max_connections", "max_message_size"]) {
  refusal({ network_config: { [key]: 0 } });
}
for (const bind_address of ["nowhere", "127.0.0.1", "127.0.0.1:65536", "localhost:0", ""]) {
  refusal({ network_config: { transport_options: { bind_address } } });
}
for (const multicast_group of ["10.0.0.1", "ff02::1"]) {
  refusal({ network_config: { discovery_providers: [{ multicast: { multicast_group } }] } });
}
refusal({ network_config: { discovery_options: {} } });
refusal({ network_config: { discovery_providers: [{ multicast: {} }, { multicast: {} }] } });
for (const id of ["", "a b", "b:c", "*", "\u0007"]) refusal({ default_network_id: id });
refusal({ network_ids: ["fine", "a/b"] });
for (const default_level of ["loud", "INFO"]) refusal({ logging_config: { default_level } });
refusal({ logging_config: { component_levels: { Node: "verbose" } } });
new Node({ request_timeout_ms: 1 });
new Node({ request_timeout_ms: 4_294_967_295 });
say("1 and 4294967295 are fine");
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got 0
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got -1
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got -5
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got 1.5
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout_ms: expected a whole number of milliseconds of at most 4294967295, got 4294967296
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got 1e+300
// ConfigError ERR_RUNAR_CONFIG: config.network_config.connection_timeout_ms: expected a whole number of milliseconds of at least 1, got 0
// ConfigError ERR_RUNAR_CONFIG: config.network_config.max_connections: expected a whole number of at least 1, got 0
// ConfigError ERR_RUNAR_CONFIG: config.network_config.max_message_size: expected a whole number of bytes of at least 1, got 0
// ConfigError ERR_RUNAR_CONFIG: config.network_config.transport_options.bind_address: expected an address and a port such as 127.0.0.1:0, got "nowhere"
// ConfigError ERR_RUNAR_CONFIG: config.network_config.transport_options.bind_address: expected an address and a port such as 127.0.0.1:0, got "127.0.0.1"
// ConfigError ERR_RUNAR_CONFIG: config.network_config.transport_options.bind_address: expected an address and a port such as 127.0.0.1:0, got "127.0.0.1:65536"
// ConfigError ERR_RUNAR_CONFIG: config.network_config.transport_options.bind_address: expected an address and a port such as 127.0.0.1:0, got "localhost:0"
// ConfigError ERR_RUNAR_CONFIG: config.network_config.transport_options.bind_address: expected an address and a port such as 127.0.0.1:0, got ""
// ConfigError ERR_RUNAR_CONFIG: config.network_config.discovery_providers[0].multicast.multicast_group: expected an IPv4 multicast address (224.0.0.0 to 239.255.255.255) such as 239.255.42.98, got "10.0.0.1"
// ConfigError ERR_RUNAR_CONFIG: config.network_config.discovery_providers[0].multicast.multicast_group: expected an IPv4 multicast address (224.0.0.0 to 239.255.255.255) such as 239.255.42.98, got "ff02::1"
// ConfigError ERR_RUNAR_CONFIG: config.network_config.discovery_options: needs a provider, such as discovery_providers: [{"multicast": {}}]
// ConfigError ERR_RUNAR_CONFIG: config.network_config.discovery_providers: expected one provider at most: there is one set of options
// ConfigError ERR_RUNAR_CONFIG: config.default_network_id: "" is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }
// ConfigError ERR_RUNAR_CONFIG: config.default_network_id: "a b" is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }
// ConfigError ERR_RUNAR_CONFIG: config.default_network_id: "b:c" is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }
// ConfigError ERR_RUNAR_CONFIG: config.default_network_id: "*" is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }
// ConfigError ERR_RUNAR_CONFIG: config.default_network_id: "\u{7}" is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }
// ConfigError ERR_RUNAR_CONFIG: config.network_ids[1]: "a/b" is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }
// ConfigError ERR_RUNAR_CONFIG: config.logging_config.default_level: expected trace, debug, info, warn, error or off, got "loud"
// ConfigError ERR_RUNAR_CONFIG: config.logging_config.default_level: expected trace, debug, info, warn, error or off, got "INFO"
// ConfigError ERR_RUNAR_CONFIG: config.logging_config.component_levels.Node: expected trace, debug, info, warn, error or off, got "verbose"
// 1 and 4294967295 are fine
// end
// exit 0
