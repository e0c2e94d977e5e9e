import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
let ran = 0;
node.addService({
  name: "s",
  path: "s",
  actions: {
    self: {
      concurrency: 1,
      async handler(ctx) {
        ran++;
        await ctx.request("s/self");
      },
    },
    free: {
      concurrency: 2,
      handler: async (depth, ctx) => (depth > 0 ? ctx.request("s/free", [depth - 1]) : "bottom"),
    },
  },
});
await node.start();
say(await rejection(node.request("s/self", undefined, { timeoutMs: 300 })), "ran", ran);
say("with a place for both:", await node.request("s/free", [1]));
say(await rejection(node.request("s/free", [2], { timeoutMs: 300 })));
await new Promise(setImmediate);
say("and then:", await node.request("s/free", [1]));
await node.stop();
end();

// trace
// TimeoutError ERR_RUNAR_TIMEOUT: s/self: no answer within 300 ms (a retry can help) ran 1
// with a place for both: bottom
// TimeoutError ERR_RUNAR_TIMEOUT: s/free: no answer within 300 ms (a retry can help)
// and then: bottom
// end
// exit 0
