import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { end, say } from "../../kit.mjs";

const file = createRequire(import.meta.url).resolve("runar-ts/config.schema.json");
const schema = JSON.parse(readFileSync(file, "utf8"));
say("type", schema.type, "other keys allowed:", schema.additionalProperties);
say(Object.keys(schema.properties).sort());
const undescribed = Object.entries(schema.properties).filter(([, { description }]) => !description);
say("without a description:", undescribed.length);
end();

// trace
// type object other keys allowed: false
// ["$schema", "default_network_id", "logging_config", "network_config", "network_ids", "node_id", "request_timeout_ms"]
// without a description: 0
// end
// exit 0
