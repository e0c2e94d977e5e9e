import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

let stopping;
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    // It awaits a stop that waits for it, so it ends with the drain.
    quit: (ctx) => ctx.node.stop({ drainMs: 30 }),
    // This one does not await the stop.
    leave(ctx) {
      stopping = ctx.node.stop();
      return "leaving";
    },
  },
});
await node.start();
say(await rejection(node.request("a/quit")));
await node.stop();
say(node.state);
await node.start();
say(await node.request("a/leave"));
await stopping;
say(node.state);
await node.stop();
say(node.state);
end();

// trace
// LifecycleError ERR_RUNAR_STOPPED: The node has stopped
// stopped
// leaving
// stopped
// stopped
// end
// exit 0
