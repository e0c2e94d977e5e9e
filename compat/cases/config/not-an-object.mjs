import { Node } from "runar-ts";
import { describe, end, say, thrown } from "../../kit.mjs";

for (const config of [null, [], "config", 5, true]) say(describe(thrown(() => new Node(config))));
const circular = {};
circular.self = circular;
say(thrown(() => new Node(circular)).code);
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: config: expected an object, got null
// ConfigError ERR_RUNAR_CONFIG: config: expected an object, got an array
// ConfigError ERR_RUNAR_CONFIG: config: expected an object, got a string
// ConfigError ERR_RUNAR_CONFIG: config: expected an object, got a number
// ConfigError ERR_RUNAR_CONFIG: config: expected an object, got a boolean
// ERR_RUNAR_CONFIG
// end
// exit 0
