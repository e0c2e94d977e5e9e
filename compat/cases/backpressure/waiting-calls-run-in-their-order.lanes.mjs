import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
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
