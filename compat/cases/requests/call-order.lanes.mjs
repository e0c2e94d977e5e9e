// not remote: calls from a peer start in no fixed order
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const order = [];
const node = new LaneNode();
const note = (n) => order.push(n);
node.addService({ name: "a", path: "a", actions: { sync: note, async: async (n) => note(n) } });
node.addService({ name: "b", path: "b", actions: { "with/{part}": (n) => note(n) } });
await node.start();
const paths = ["a/sync", "a/async", "b/with/x"];
await Promise.all(Array.from({ length: 99 }, (_, n) => node.request(paths[n % 3], [n])));
say(
  "calls",
  order.length,
  "in order:",
  order.every((n, index) => n === index),
);
await node.stop();
end();

// trace
// calls 99 in order: true
// end
// exit 0
