// not remote: an open port keeps the process alive
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    later: async (n) => {
      await new Promise(setImmediate);
      return n;
    },
  },
});
await node.start();
let rounds = 0;
process.on("beforeExit", async () => {
  if (rounds++ >= 3) return;
  say("once more:", await node.request("a/later", [rounds]));
  if (rounds === 3) {
    await node.stop();
    end();
  }
});
say("nothing is left to do");

// trace
// nothing is left to do
// once more: 1
// once more: 2
// once more: 3
// end
// exit 0
