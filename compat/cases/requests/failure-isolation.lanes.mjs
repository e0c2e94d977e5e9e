import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const [gate, entered] = [deferred(), deferred()];
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    async wait() {
      entered.resolve();
      return gate.promise;
    },
    throws: () => {
      throw new Error("no");
    },
    never: () => new Promise(() => undefined),
    ping: () => "pong",
  },
});
await node.start();
const waiting = node.request("a/wait");
await entered.promise;
say((await rejection(node.request("a/throws"))).code);
say((await rejection(node.request("a/never", [], { timeoutMs: 15 }))).code);
say((await rejection(node.request("a/nope"))).code);
say(await node.request("a/ping"));
gate.resolve("still answered");
say(await waiting);
await node.stop({ drainMs: 0 });
end();

// trace
// ERR_RUNAR_ACTION
// ERR_RUNAR_TIMEOUT
// ERR_RUNAR_NOT_FOUND
// pong
// still answered
// end
// exit 0
