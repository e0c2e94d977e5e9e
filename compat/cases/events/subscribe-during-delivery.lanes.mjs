// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const second = node.on("b", () => say("never heard"));
node.on("a", (event) => {
  say("a", event.value);
  if (event.value === 1) node.on("a", (later) => say("late", later.value));
  second.unsubscribe();
});
await node.publish("a", 1);
await node.publish("b", 1);
await node.publish("a", 2);
await node.stop();
end();

// trace
// a 1
// a 2
// late 2
// end
// exit 0
