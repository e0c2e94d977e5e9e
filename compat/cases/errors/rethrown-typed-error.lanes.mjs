// not remote: a peer creates its own error object from the answer
import { RunarError, TimeoutError } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
let thrown;
node.addService({
  name: "a",
  path: "a",
  actions: {
    own: async (ctx) => {
      thrown = await rejection(ctx.request("a/never", [], { timeoutMs: 10 }));
      throw thrown;
    },
    never: () => new Promise(() => {}),
  },
});
await node.start();
const error = await rejection(node.request("a/own"));
say(error);
say(error === thrown, error instanceof TimeoutError, error instanceof RunarError);
await node.stop({ drainMs: 0 });
end();

// trace
// TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 10 ms (a retry can help)
// true true true
// end
// exit 0
