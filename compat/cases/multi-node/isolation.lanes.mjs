import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const nodes = ["a", "b", "c"].map((name) => {
  const node = new LaneNode();
  const actions = { ping: () => `node ${name}` };
  node.addService({ name: "a", path: `only-${name}`, actions });
  node.on("x/*", ({ topic, value }) => say(name, "heard", topic, value));
  return node;
});
const [a, b, c] = nodes;
await Promise.all(nodes.map((node) => node.start()));
say(await a.request("only-a/ping"), await b.request("only-b/ping"));
say(await rejection(a.request("only-b/ping")));
say("different ids", a.id !== b.id);
await a.publish("x/y", 1);
await b.publish("x/y", 2);
await b.stop();
await c.publish("x/y", 3);
await a.publish("x/z", 4);
await Promise.all(nodes.map((node) => node.stop()));
end();

// trace
// node a node b
// NotFoundError ERR_RUNAR_NOT_FOUND: only-b/ping: no service has this action
// different ids true
// a heard x/y 1
// b heard x/y 2
// c heard x/y 3
// a heard x/z 4
// end
// exit 0
