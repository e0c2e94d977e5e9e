import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const refusal = (config) => say(thrown(() => new Node(config)).message);
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
end();

// trace
// config.network_config.transport_options.bind_address: expected an address and a port such as 127.0.0.1:0, got "nowhere"
// config.network_config.transport_options.bind_address: expected an address and a port such as 127.0.0.1:0, got "127.0.0.1"
// config.network_config.transport_options.bind_address: expected an address and a port such as 127.0.0.1:0, got "127.0.0.1:65536"
// config.network_config.transport_options.bind_address: expected an address and a port such as 127.0.0.1:0, got "localhost:0"
// config.network_config.transport_options.bind_address: expected an address and a port such as 127.0.0.1:0, got ""
// config.network_config.discovery_providers[0].multicast.multicast_group: expected an IPv4 multicast address (224.0.0.0 to 239.255.255.255) such as 239.255.42.98, got "10.0.0.1"
// config.network_config.discovery_providers[0].multicast.multicast_group: expected an IPv4 multicast address (224.0.0.0 to 239.255.255.255) such as 239.255.42.98, got "ff02::1"
// config.network_config.discovery_options: needs a provider, such as discovery_providers: [{"multicast": {}}]
// config.network_config.discovery_providers: expected one provider at most: there is one set of options
// config.default_network_id: "" is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }
// config.default_network_id: "a b" is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }
// config.default_network_id: "b:c" is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }
// config.default_network_id: "*" is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }
// config.default_network_id: "\u{7}" is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }
// config.network_ids[1]: "a/b" is no network id: it may not be empty nor hold spaces, control characters or any of : / * > { }
// config.logging_config.default_level: expected trace, debug, info, warn, error or off, got "loud"
// config.logging_config.default_level: expected trace, debug, info, warn, error or off, got "INFO"
// config.logging_config.component_levels.Node: expected trace, debug, info, warn, error or off, got "verbose"
// end
// exit 0
