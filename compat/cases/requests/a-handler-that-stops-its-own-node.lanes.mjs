import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
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
