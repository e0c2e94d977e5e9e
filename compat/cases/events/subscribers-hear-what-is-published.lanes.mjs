import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
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
