// not remote: calls from a peer start in no fixed order
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const order = [];
node.addService({
  name: "a",
  path: "a",
  actions: {
    one: {
      concurrency: 1,
      handler: async (n) => {
        order.push(n);
        await null;
      },
    },
  },
});
await node.start();
await Promise.all(Array.from({ length: 50 }, (_, n) => node.request("a/one", [n])));
say(
  "in order",
  order.every((n, index) => n === index),
  order.length,
);
await node.stop();
end();

// trace
// in order true 50
// end
// exit 0
