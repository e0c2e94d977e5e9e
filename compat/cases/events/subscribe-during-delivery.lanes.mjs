// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const later = [];
const other = node.on("other", () => say("never"));
const first = node.on("a/b", ({ value }) => {
  say("first", value);
  later[0].unsubscribe();
  other.unsubscribe();
  // A subscriber that is added during a delivery hears the next event.
  if (value === 1) node.on("a/b", ({ value }) => say("new", value));
});
later.push(node.on("a/b", () => say("never")));
say("topic", first.topic);
await node.publish("a/b", 1);
await node.publish("other", 1);
first.unsubscribe();
first.unsubscribe();
await node.publish("a/b", 2);
const once = node.on("a/b", ({ value }) => {
  say("once", value);
  once[Symbol.dispose]();
});
await node.publish("a/b", 3);
await node.publish("a/b", 4);
await node.stop();
end();

// trace
// topic a/b
// first 1
// new 2
// new 3
// once 3
// new 4
// end
// exit 0
