import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    fail: async function failingHandler() {
      await null;
      throw new Error("here");
    },
  },
});
await node.start();
async function whoAsks() {
  return await node.request("a/fail");
}
const { cause } = await rejection(whoAsks());
say("the handler's file", String(cause.stack.includes("handler-file")));
await node.stop();
end();

// trace
// the handler's file true
// end
// exit 0
