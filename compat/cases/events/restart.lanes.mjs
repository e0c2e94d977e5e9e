// not remote: the case makes no calls; the group network covers events between peers
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
// A subscription outlives stops and starts; an iterator does not.
node.on("a/b", ({ value }) => say("heard", value));
const events = node.events("a/b");
say(await rejection(node.publish("a/b", 0)));
for (let round = 1; round <= 3; round++) {
  await node.start();
  await node.publish("a/b", round);
  await node.stop();
  say(await rejection(node.publish("a/b", "stopped")));
}
for await (const { value } of events) say("read", value);
end();

// trace
// LifecycleError ERR_RUNAR_NOT_STARTED: a/b: the node has not been started (a retry can help)
// heard 1
// LifecycleError ERR_RUNAR_STOPPED: a/b: the node is stopped
// heard 2
// LifecycleError ERR_RUNAR_STOPPED: a/b: the node is stopped
// heard 3
// LifecycleError ERR_RUNAR_STOPPED: a/b: the node is stopped
// read 1
// end
// exit 0
