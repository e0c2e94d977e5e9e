import { createRequire } from "node:module";
import { end, say } from "../../kit.mjs";

const require = createRequire(import.meta.url);
const manifest = require("runar-ts/package.json");
say(manifest.name, manifest.type);
const schema = require("runar-ts/config.schema.json");
say(schema.title, String("network_config" in schema.properties));
end();

// trace
// runar-ts module
// NodeConfig true
// end
// exit 0
