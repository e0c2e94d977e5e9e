import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    outer: async (ctx) => {
      try {
        await ctx.request("a/inner");
      } catch (cause) {
        throw new Error("outer failed", { cause });
      }
    },
    inner: () => {
      throw new SyntaxError("inner failed");
    },
  },
});
await node.start();
for (let error = await rejection(node.request("a/outer")); error; error = error.cause) say(error);
await node.stop();
end();

// trace
// ActionError ERR_RUNAR_ACTION: a/outer: outer failed
// Error: outer failed
// ActionError ERR_RUNAR_ACTION: a/inner: inner failed
// SyntaxError: inner failed
// end
// exit 0
