// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const events = node.events("a");
await node.publish("a", 1);
await node.publish("a", 2);
for await (const event of events) {
  say("read", event.value);
  break;
}
await node.publish("a", 3);
say("done", (await events.next()).done);
await node.stop();
end();

// trace
// read 1
// done true
// end
// exit 0
