import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const entered = deferred();
const heard = deferred();
node.addService({
  name: "a",
  path: "a",
  actions: {
    never: (ctx) => {
      ctx.signal.addEventListener("abort", () => heard.resolve(ctx.signal.reason));
      entered.resolve();
      return new Promise(() => {});
    },
  },
});
await node.start();
const controller = new AbortController();
const reason = new Error("changed my mind");
const call = rejection(node.request("a/never", [], { signal: controller.signal }));
await entered.promise;
controller.abort(reason);
say((await call) === reason);
await heard.promise;
say("the handler's signal fired");
say((await rejection(node.request("a/never", [], { signal: controller.signal }))) === reason);
const plain = new AbortController();
const second = rejection(node.request("a/never", [], { signal: plain.signal }));
plain.abort();
say((await second).name);
await node.stop({ drainMs: 0 });
end();

// trace
// true
// the handler's signal fired
// true
// AbortError
// end
// exit 0
