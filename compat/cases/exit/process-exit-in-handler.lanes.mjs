import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    leave: () => {
      say("leaving");
      process.exit(0);
    },
  },
});
await node.start();
process.on("exit", () => end("unknown"));
await node.request("a/leave");
say("never printed");

// trace
// leaving
// end
// exit 0
