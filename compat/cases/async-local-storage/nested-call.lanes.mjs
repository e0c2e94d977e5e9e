// not remote: an AsyncLocalStorage store does not travel to a peer
import { AsyncLocalStorage } from "node:async_hooks";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const storage = new AsyncLocalStorage();
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    outer: async (ctx) => [storage.getStore(), ...(await ctx.request("a/middle"))],
    middle: async (ctx) => {
      const inner = await storage.run("inner", () => ctx.client("a").inner());
      return [storage.getStore(), inner, storage.getStore()];
    },
    inner: async () => {
      await null;
      return storage.getStore();
    },
  },
});
await node.start();
const calls = ["x", "y"].map((store) => storage.run(store, () => node.request("a/outer")));
for (const call of calls) say(await call);
await node.stop();
end();

// trace
// ["x", "x", "inner", "x"]
// ["y", "y", "inner", "y"]
// end
// exit 0
