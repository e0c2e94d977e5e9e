import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const config = { node_id: "before", request_timeout_ms: 20, logging_config: {} };
const records = [];
const node = new LaneNode(config, { logger: (record) => records.push(record) });
config.node_id = "after";
config.request_timeout_ms = 60_000;
config.logging_config.default_level = "off";
config.unknown = true;
node.addService({ name: "a", path: "a", actions: { never: () => new Promise(() => undefined) } });
await node.start();
node.logger.info("still heard");
say((await rejection(node.request("a/never"))).message);
await node.stop({ drainMs: 0 });
for (const { label, message } of records) say(label, message);
const frozen = new LaneNode(Object.freeze({ node_id: "frozen" }), Object.freeze({}));
await frozen.start();
say("a frozen config:", frozen.state);
await frozen.stop();
end();

// trace
// a/never: no answer within 20 ms
// before still heard
// a frozen config: running
// end
// exit 0
