// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const heard = [];
for (const pattern of ["orders/*", "orders/>", "*/placed", ">", "orders/placed", "orders/*/eu"]) {
  node.on(pattern, (event) => heard.push(`${pattern} heard ${event.topic}`));
}
for (const topic of ["orders/placed", "orders/placed/eu", "stock/placed", "orders"]) {
  await node.publish(topic, 1);
}
for (const line of heard.sort()) say(line);
await node.stop();
end();

// trace
// */placed heard orders/placed
// */placed heard stock/placed
// > heard orders
// > heard orders/placed
// > heard orders/placed/eu
// > heard stock/placed
// orders/* heard orders/placed
// orders/*/eu heard orders/placed/eu
// orders/> heard orders/placed
// orders/> heard orders/placed/eu
// orders/placed heard orders/placed
// end
// exit 0
