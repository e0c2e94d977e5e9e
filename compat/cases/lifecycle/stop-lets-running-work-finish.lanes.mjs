import { Node } from "runar-ts";
import { deferred, end, lane, rejection, say } from "../../kit.mjs";

const [gate, entered] = [deferred(), deferred()];
const node = new Node({}, { localCalls: lane });
node.addService({
  name: "a",
  path: "a",
  actions: {
    async wait() {
      entered.resolve();
      await gate.promise;
      say("work ends");
      return "done";
    },
    ping: () => "pong",
  },
  stop: () => say("stop hook"),
});
await node.start();
const running = node.request("a/wait");
await entered.promise;
const stopping = node.stop();
say(node.state);
say(await rejection(node.request("a/ping")));
gate.resolve();
await stopping;
say(node.state, await running);
end();

// trace
// draining
// LifecycleError ERR_RUNAR_STOPPED: a/ping: the node is draining
// work ends
// stop hook
// stopped done
// end
// exit 0
