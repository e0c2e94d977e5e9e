import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
let controller;
let ended;
const entered = deferred();
node.addService({
  name: "s",
  path: "s",
  actions: {
    async first() {
      controller.abort(new Error("in the synchronous part"));
      return "finished";
    },
    async second() {
      await null;
      controller.abort(new Error("in the asynchronous part"));
      return "finished";
    },
    outer(ctx) {
      return ctx.request("s/inner");
    },
    async inner(ctx) {
      ctx.signal.addEventListener("abort", () => ended.resolve("is told too"));
      controller.abort(new Error("from deep inside"));
      return new Promise(() => undefined);
    },
    top: (ctx) => ctx.request("s/middle"),
    middle: (ctx) => ctx.request("s/innermost"),
    innermost(ctx) {
      ctx.signal.addEventListener("abort", () => ended.resolve("is told of it"));
      entered.resolve();
      return new Promise(() => undefined);
    },
    quick: () => "quick",
  },
});
await node.start();
for (const action of ["first", "second", "outer"]) {
  controller = new AbortController();
  ended = deferred();
  const { signal } = controller;
  say(action, await rejection(node.request(`s/${action}`, [], { signal })));
}
say("the inner handler", await ended.promise);
controller = new AbortController();
ended = deferred();
const call = rejection(node.request("s/top", [], { signal: controller.signal }));
await entered.promise;
controller.abort(new Error("enough"));
say("three deep", await call);
say("the innermost handler", await ended.promise);
controller = new AbortController();
const answered = await node.request("s/quick", [], { signal: controller.signal });
controller.abort(new Error("too late"));
say("after the answer", answered);
await node.stop();
end();

// trace
// first Error: in the synchronous part
// second Error: in the asynchronous part
// outer Error: from deep inside
// the inner handler is told too
// three deep Error: enough
// the innermost handler is told of it
// after the answer quick
// end
// exit 0
