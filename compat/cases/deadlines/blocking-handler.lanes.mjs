// not remote: an answer from a peer takes time, and the deadline can pass meanwhile
// An answer that is ready in a turn of the event loop precedes the deadline that has passed.
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "s",
  path: "s",
  actions: {
    block(ms) {
      const until = performance.now() + ms;
      while (performance.now() < until);
      return "blocked";
    },
    async soon(ctx) {
      await null;
      return `in time: ${!ctx.signal.aborted}`;
    },
  },
});
await node.start();
const calls = [
  node.request("s/soon", [], { timeoutMs: 30 }),
  node.request("s/block", [100], { timeoutMs: 30 }),
  node.request("s/soon", [], { timeoutMs: 30 }),
];
for (const answer of await Promise.all(calls)) say(answer);
await node.stop();
end();

// trace
// in time: true
// blocked
// in time: true
// end
// exit 0
