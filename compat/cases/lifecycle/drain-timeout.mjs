import { Node } from "runar-ts";
import { describe, end, rejection, say } from "../../kit.mjs";

const node = new Node({});
let reason;
node.addService({
  name: "a",
  path: "a",
  actions: {
    never: (ctx) => {
      ctx.signal.addEventListener("abort", () => {
        reason = ctx.signal.reason;
      });
      return new Promise(() => {});
    },
  },
});
await node.start();
const call = rejection(node.request("a/never"));
await node.stop({ drainMs: 20 });
say(describe(await call));
say("the handler heard", reason);
end();

// trace
// LifecycleError ERR_RUNAR_STOPPED: The node has stopped
// the handler heard LifecycleError ERR_RUNAR_STOPPED: The node has stopped
// end
// exit 0
