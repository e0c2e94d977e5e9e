import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const actions = {};
for (let i = 0; i < 2000; i++) actions[`action${i}`] = () => i;
node.addService({ name: "wide", path: "wide", actions });
await node.start();
let sum = 0;
for (let i = 0; i < 2000; i++) sum += await node.request(`wide/action${i}`);
say("sum", sum);
await node.stop();
end();

// trace
// sum 1999000
// end
// exit 0
