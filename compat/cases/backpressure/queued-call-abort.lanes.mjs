// not remote: a cancellation reaches the peer after the abort, and the handler may have started by then
import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const gate = deferred();
const entered = deferred();
let ran = 0;
node.addService({
  name: "a",
  path: "a",
  actions: {
    work: {
      concurrency: 1,
      handler: async () => {
        ran++;
        entered.resolve();
        await gate.promise;
      },
    },
  },
});
await node.start();
const first = node.request("a/work");
await entered.promise;
const controller = new AbortController();
const second = rejection(node.request("a/work", [], { signal: controller.signal }));
const third = rejection(node.request("a/work", [], { timeoutMs: 20 }));
controller.abort(new Error("no longer"));
say(await second);
say(await third);
gate.resolve();
await first;
await node.request("a/work");
say("ran", ran);
await node.stop();
end();

// trace
// Error: no longer
// TimeoutError ERR_RUNAR_TIMEOUT: a/work: no answer within 20 ms (a retry can help)
// ran 2
// end
// exit 0
