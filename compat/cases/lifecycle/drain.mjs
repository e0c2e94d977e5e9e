import { Node } from "runar-ts";
import { deferred, describe, end, rejection, say } from "../../kit.mjs";

const node = new Node({});
const gate = deferred();
const entered = deferred();
node.addService({
  name: "a",
  path: "a",
  actions: {
    slow: async (ctx) => {
      entered.resolve();
      await gate.promise;
      return ctx.request("a/ping");
    },
    ping: () => "pong",
  },
});
await node.start();
const slow = node.request("a/slow");
await entered.promise;
const stopping = node.stop({ drainMs: 10_000 });
say(node.state);
say(describe(await rejection(node.request("a/ping"))));
gate.resolve();
say(await slow);
await stopping;
say(node.state);
end();

// trace
// draining
// LifecycleError ERR_RUNAR_STOPPED: a/ping: the node is draining
// pong
// stopped
// end
// exit 0
