import { readFileSync } from "node:fs";
import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const records = [];
const text = readFileSync(new URL("./_node.json", import.meta.url), "utf8");
const node = new Node(JSON.parse(text), { logger: (record) => records.push(record) });
node.logger.debug("below the level of the file");
node.logger.warn("above it");
await node.start();
await node.stop();
for (const { label, level, message } of records) say(label, level, message);
end();

// trace
// from-a-file warn above it
// end
// exit 0
