// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const heard = [];
node.on("orders/placed", (event) => heard.push(event));
node.on("orders/cancelled", () => heard.push("wrong"));
for (let id = 0; id < 3; id++) {
  const publishing = node.publish("orders/placed", { id });
  say("a promise of nothing:", await publishing);
  say("heard", heard.at(-1));
}
await node.publish("orders/placed");
say("without a value", heard.at(-1));
say("all", heard.length);
await node.stop();
end();

// trace
// a promise of nothing: undefined
// heard {topic: "orders/placed", value: {id: 0}}
// a promise of nothing: undefined
// heard {topic: "orders/placed", value: {id: 1}}
// a promise of nothing: undefined
// heard {topic: "orders/placed", value: {id: 2}}
// without a value {topic: "orders/placed", value: undefined}
// all 4
// end
// exit 0
