// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.on("a", (event) => say("heard", event.value));
for (let round = 1; round <= 3; round++) {
  await node.start();
  await node.publish("a", round);
  await node.stop();
}
end();

// trace
// heard 1
// heard 2
// heard 3
// end
// exit 0
