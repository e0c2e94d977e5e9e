// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const first = node.on("orders/placed", (event) => say("first", event.topic, event.value));
node.on("orders/placed", (event) => say("second", event.value));
await node.publish("orders/placed", { id: 1 });
first.unsubscribe();
await node.publish("orders/placed", { id: 2 });
await node.publish("orders/placed");
await node.publish("orders/cancelled", { id: 2 });
await node.stop();
end();

// trace
// first orders/placed {id: 1}
// second {id: 1}
// second {id: 2}
// second undefined
// end
// exit 0
