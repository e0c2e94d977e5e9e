// not remote: events are published, not called; those of peers are in the group network
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
