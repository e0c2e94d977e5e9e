import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const configs = [{}, { network_config: {} }, {}, { network_config: {} }];
const nodes = configs.map((config) => new LaneNode(config));
for (const [index, node] of nodes.entries()) {
  node.addService({ name: "s", path: "s", actions: { index: () => index } });
  node.on("a/b", ({ value }) => say(index, "heard", value));
}
await Promise.all(nodes.map((node) => node.start()));
for (const [index, node] of nodes.entries()) {
  say(await node.request("s/index"));
  await node.publish("a/b", `from ${index}`);
}
await Promise.all(nodes.map((node) => node.stop()));
end();

// trace
// 0
// 0 heard from 0
// 1
// 1 heard from 1
// 2
// 2 heard from 2
// 3
// 3 heard from 3
// end
// exit 0
