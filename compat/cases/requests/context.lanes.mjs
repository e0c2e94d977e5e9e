import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    look: (ctx) => [
      ctx.path,
      ctx.params,
      ctx.node === node,
      ctx.signal.aborted,
      ctx.deadline > Date.now() && ctx.deadline <= Date.now() + 31_000,
      typeof ctx.logger.info,
    ],
  },
});
await node.start();
say(await node.request("a/look"));
await node.stop();
end();

// trace
// ["a/look", {}, true, false, true, "function"]
// end
// exit 0
