import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
let heard = 0;
let wrong = 0;
for (let s = 0; s < 100; s++) {
  // Events of one topic are delivered in the order of publishing.
  const last = { "n/even": -1, "n/odd": -1 };
  node.on(s % 2 === 0 ? "n/even" : "n/*", ({ topic, value }) => {
    heard++;
    if (value <= last[topic]) wrong++;
    last[topic] = value;
  });
}
const publishes = [];
for (let n = 0; n < 2_000; n++) publishes.push(node.publish(n % 2 === 0 ? "n/even" : "n/odd", n));
await Promise.all(publishes);
say("heard", heard, "out of order", wrong);
await node.stop();
end();

// trace
// heard 150000 out of order 0
// end
// exit 0
