import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "math",
  path: "math",
  actions: {
    add: (a, b) => a + b,
    later: async (a) => a * 2,
  },
});
await node.start();
say("add", await node.request("math/add", [2, 3]));
say("later", await node.request("math/later", [21]));
await node.stop();
end();

// trace
// add 5
// later 42
// end
// exit 0
