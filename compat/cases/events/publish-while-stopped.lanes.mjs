// not remote: the case makes no calls; the group network covers events between peers
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
// A subscription outlives stops and starts; a loop does not.
node.on("a/b", ({ value }) => say("heard", value));
const events = node.events("a/b");
say(await rejection(node.publish("a/b", 0)));
await node.start();
await node.publish("a/b", 1);
await node.stop();
say(await rejection(node.publish("a/b", 2)));
await node.start();
await node.publish("a/b", 3);
await node.stop();
for await (const { value } of events) say("read", value);
end();

// trace
// LifecycleError ERR_RUNAR_NOT_STARTED: a/b: the node has not been started (a retry can help)
// heard 1
// LifecycleError ERR_RUNAR_STOPPED: a/b: the node is stopped
// heard 3
// read 1
// end
// exit 0
