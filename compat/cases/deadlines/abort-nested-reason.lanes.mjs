// not remote: a handler that a peer calls gets an abort reason of its own
import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const controller = new AbortController();
const heard = deferred();
node.addService({
  name: "s",
  path: "s",
  actions: {
    outer: (ctx) => ctx.request("s/inner"),
    async inner(ctx) {
      ctx.signal.addEventListener("abort", () => heard.resolve(ctx.signal.reason));
      controller.abort(new Error("from deep inside"));
      return new Promise(() => undefined);
    },
  },
});
await node.start();
say("the caller", await rejection(node.request("s/outer", [], { signal: controller.signal })));
say("the inner handler", await heard.promise);
await node.stop();
end();

// trace
// the caller Error: from deep inside
// the inner handler Error: from deep inside
// end
// exit 0
