import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

for (const request_timeout_ms of [0, -1, 1.5, 2 ** 32, 1e300]) {
  say(request_timeout_ms, thrown(() => new Node({ request_timeout_ms })).message);
}
for (const key of ["connection_timeout_ms", "max_connections", "max_message_size"]) {
  say(thrown(() => new Node({ network_config: { [key]: 0 } })).message);
}
new Node({ request_timeout_ms: 1 });
new Node({ request_timeout_ms: 4_294_967_295 });
say("1 and 4294967295 are fine");
end();

// trace
// 0 config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got 0
// -1 config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got -1
// 1.5 config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got 1.5
// 4294967296 config.request_timeout_ms: expected a whole number of milliseconds of at most 4294967295, got 4294967296
// 1e+300 config.request_timeout_ms: expected a whole number of milliseconds of at least 1, got 1e+300
// config.network_config.connection_timeout_ms: expected a whole number of milliseconds of at least 1, got 0
// config.network_config.max_connections: expected a whole number of at least 1, got 0
// config.network_config.max_message_size: expected a whole number of bytes of at least 1, got 0
// 1 and 4294967295 are fine
// end
// exit 0
