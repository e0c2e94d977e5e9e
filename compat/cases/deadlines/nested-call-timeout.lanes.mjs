// not remote: a handler that a peer calls gets an abort reason of its own
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
let inner;
node.addService({
  name: "a",
  path: "a",
  actions: {
    outer: (ctx) => {
      inner = rejection(ctx.request("a/never", [], { timeoutMs: 60_000 }));
      return new Promise(() => {});
    },
    never: (ctx) => {
      say("less than the caller had", String(ctx.deadline - Date.now() <= 1000));
      return new Promise(() => {});
    },
  },
});
await node.start();
say((await rejection(node.request("a/outer", [], { timeoutMs: 40 }))).code);
say((await inner).code);
await node.stop({ drainMs: 0 });
end();

// trace
// less than the caller had true
// ERR_RUNAR_TIMEOUT
// ERR_RUNAR_TIMEOUT
// end
// exit 0
