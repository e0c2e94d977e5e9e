import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "数学 🧮", path: "数学", actions: { 加: (a, b) => a + b } });
node.addService({ name: "éà", path: "été", actions: { "où/çà": (ctx) => ctx.path } });
await node.start();
say(await node.request("数学/加", [1, 2]));
say(await node.request("été/où/çà"));
say(await node.client("数学").加(3, 4));
await node.stop();
end();

// trace
// 3
// été/où/çà
// 7
// end
// exit 0
