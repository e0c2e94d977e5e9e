import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const gate = deferred();
const ended = deferred();
node.addService({
  name: "s",
  path: "s",
  actions: {
    one: {
      concurrency: 1,
      queue: 0,
      async handler(name) {
        if (name !== "slow") return name;
        await gate.promise;
        ended.resolve();
      },
    },
  },
});
await node.start();
say(await rejection(node.request("s/one", ["slow"], { timeoutMs: 15 })));
say("it still runs", (await rejection(node.request("s/one", ["next"]))).code);
gate.resolve();
await ended.promise;
await new Promise(setImmediate);
say("it has ended", await node.request("s/one", ["next"]));
await node.stop();
end();

// trace
// TimeoutError ERR_RUNAR_TIMEOUT: s/one: no answer within 15 ms (a retry can help)
// it still runs ERR_RUNAR_OVERLOAD
// it has ended next
// end
// exit 0
