// not remote: the process ends while both nodes are running
import { end } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    fail: async () => {
      throw new Error("no");
    },
  },
});
await node.start();
process.on("exit", () => {
  end({ running: 1 });
});
node.request("a/fail");
// Without the rejection the process would end later with code 0.
setTimeout(() => undefined, 5_000);

// trace
// end
// exit 1
