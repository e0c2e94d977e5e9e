import { createRequire } from "node:module";
import { end, say } from "../../kit.mjs";

const require = createRequire(import.meta.url);
const manifest = require("runar-ts/package.json");
say(manifest.name, manifest.type);
const schema = require("runar-ts/config.schema.json");
say(schema.title, String("network_config" in schema.properties));
say("type", schema.type, "other keys allowed:", schema.additionalProperties);
say(Object.keys(schema.properties).sort());
const undescribed = Object.entries(schema.properties).filter(([, { description }]) => !description);
say("without a description:", undescribed.length);
end();

// trace
// runar-ts module
// NodeConfig true
// type object other keys allowed: false
// ["$schema", "default_network_id", "logging_config", "network_config", "network_ids", "node_id", "request_timeout_ms"]
// without a description: 0
// end
// exit 0
