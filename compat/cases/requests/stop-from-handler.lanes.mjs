import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    leave: (ctx) => {
      // Not awaited: the handler is itself work that the stop waits for.
      stopping = ctx.node.stop();
      return "bye";
    },
  },
});
let stopping;
await node.start();
say(await node.request("a/leave"));
await stopping;
say(node.state);
end();

// trace
// bye
// stopped
// end
// exit 0
