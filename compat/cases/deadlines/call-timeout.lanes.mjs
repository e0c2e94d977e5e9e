// not remote: a handler that a peer calls gets an abort reason of its own
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
let reason;
node.addService({
  name: "a",
  path: "a",
  actions: {
    never: (ctx) =>
      new Promise(() => {
        ctx.signal.addEventListener("abort", () => {
          reason = ctx.signal.reason;
        });
      }),
  },
});
await node.start();
const error = await rejection(node.request("a/never", [], { timeoutMs: 20 }));
say(error);
say(error.details);
say("the handler heard", reason);
say("it is the same error", String(reason === error));
await node.stop({ drainMs: 0 });
end();

// trace
// TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 20 ms (a retry can help)
// {path: "a/never", timeoutMs: 20}
// the handler heard TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 20 ms (a retry can help)
// it is the same error true
// end
// exit 0
