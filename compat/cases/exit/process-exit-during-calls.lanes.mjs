import { end } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { never: () => new Promise(() => {}) } });
await node.start();
for (let i = 0; i < 100; i++) node.request("a/never").catch(() => undefined);
node.request("nobody/home").catch(() => undefined);
process.on("exit", () => end("unknown"));
setTimeout(() => process.exit(0), 5);

// trace
// end
// exit 0
