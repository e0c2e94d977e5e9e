import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const failing = {
  get node_id() {
    throw new Error("no name today");
  },
};
say(thrown(() => new Node(failing)));
// The wording depends on the engine.
const { name, code, message, cause } = thrown(() => new Node({ request_timeout_ms: 5n }));
say(name, code, message.startsWith("config: no JSON: "), cause instanceof Error);
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: config: no JSON: no name today
// ConfigError ERR_RUNAR_CONFIG true true
// end
// exit 0
