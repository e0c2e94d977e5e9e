import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    factorial: async (n, ctx) => (n <= 1 ? 1 : n * (await ctx.request("b/factorial", [n - 1]))),
  },
});
node.addService({
  name: "b",
  path: "b",
  actions: {
    factorial: async (n, ctx) => (n <= 1 ? 1 : n * (await ctx.client("a").factorial(n - 1))),
  },
});
await node.start();
say(await node.request("a/factorial", [15]));
await node.stop();
end();

// trace
// 1307674368000
// end
// exit 0
