import { deferred, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const gate = deferred();
let running = 0;
const full = deferred();
node.addService({
  name: "s",
  path: "s",
  actions: {
    async wait() {
      if (++running === 1_000) full.resolve();
      await gate.promise;
      return 1;
    },
    ping: () => "pong",
  },
});
await node.start();
const calls = Array.from({ length: 1_500 }, () => node.request("s/wait"));
await full.promise;
say("another action:", await node.request("s/ping"));
say("running", running);
gate.resolve();
const answers = await Promise.all(calls);
say(
  "answered",
  answers.reduce((sum, one) => sum + one),
  "ran",
  running,
);
await node.stop();
end();

// trace
// another action: pong
// running 1000
// answered 1500 ran 1500
// end
// exit 0
