import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const nodes = ["a", "b", "c"].map((name) => {
  const node = new LaneNode();
  node.on("x/*", ({ topic, value }) => say(name, "heard", topic, value));
  return node;
});
const [a, b, c] = nodes;
await Promise.all(nodes.map((node) => node.start()));
await a.publish("x/y", 1);
await b.publish("x/y", 2);
await b.stop();
await c.publish("x/y", 3);
await a.publish("x/z", 4);
await Promise.all(nodes.map((node) => node.stop()));
end();

// trace
// a heard x/y 1
// b heard x/y 2
// c heard x/y 3
// a heard x/z 4
// end
// exit 0
