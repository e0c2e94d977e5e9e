import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const entered = deferred();
const ended = deferred();
node.addService({
  name: "a",
  path: "a",
  actions: {
    outer: (ctx) => ctx.request("a/middle"),
    middle: (ctx) => ctx.request("a/inner"),
    inner: (ctx) => {
      ctx.signal.addEventListener("abort", () => ended.resolve());
      entered.resolve();
      return new Promise(() => {});
    },
  },
});
await node.start();
const controller = new AbortController();
const call = rejection(node.request("a/outer", [], { signal: controller.signal }));
await entered.promise;
controller.abort(new Error("enough"));
say(await call);
await ended.promise;
say("the innermost handler heard of it");
await node.stop({ drainMs: 0 });
end();

// trace
// Error: enough
// the innermost handler heard of it
// end
// exit 0
