import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const definition = {
  name: "s",
  path: "s",
  actions: {
    where: (ctx) => nodes.indexOf(ctx.node),
    nested: (ctx) => ctx.request("s/where"),
  },
  start: (ctx) => say("start on", nodes.indexOf(ctx.node)),
};
const nodes = [0, 1, 2].map(() => new LaneNode());
for (const node of nodes) node.addService(definition);
for (const node of nodes) await node.start();
for (const node of nodes) say(await node.request("s/where"), await node.client("s").nested());
await nodes[1].removeService("s");
say(await nodes[0].request("s/where"), await nodes[2].request("s/where"));
for (const node of nodes) await node.stop();
end();

// trace
// start on 0
// start on 1
// start on 2
// 0 0
// 1 1
// 2 2
// 0 2
// end
// exit 0
