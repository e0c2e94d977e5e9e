import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    never: { concurrency: Number.POSITIVE_INFINITY, handler: () => new Promise(() => {}) },
  },
});
await node.start();
const errors = await Promise.all(
  Array.from({ length: 10_000 }, () => rejection(node.request("a/never", [], { timeoutMs: 50 }))),
);
say(
  errors.length,
  errors.every(({ code }) => code === "ERR_RUNAR_TIMEOUT"),
);
await node.stop({ drainMs: 0 });
end();

// trace
// 10000 true
// end
// exit 0
