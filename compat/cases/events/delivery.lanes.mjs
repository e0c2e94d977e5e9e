// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const heard = [];
const first = node.on("orders/placed", (event) => {
  heard.push(event);
  say("first", event);
});
node.on("orders/placed", (event) => say("second", event.value));
node.on("orders/cancelled", () => say("wrong topic"));
for (let id = 0; id < 3; id++) {
  say("publish settles with", await node.publish("orders/placed", { id }));
  say("heard before it settles", heard.at(-1));
}
await node.publish("orders/placed");
say("without a value", heard.at(-1), "all", heard.length);
first.unsubscribe();
await node.publish("orders/placed", { id: 3 });
await node.publish("orders/placed");
say("after unsubscribe", heard.length);
const numbers = [];
node.on("numbers", (event) => numbers.push(event.value));
await Promise.all(Array.from({ length: 1000 }, (_, n) => node.publish("numbers", n)));
say("heard", numbers.length, "in order", String(numbers.every((value, n) => value === n)));
await node.stop();
end();

// trace
// first {topic: "orders/placed", value: {id: 0}}
// second {id: 0}
// publish settles with undefined
// heard before it settles {topic: "orders/placed", value: {id: 0}}
// first {topic: "orders/placed", value: {id: 1}}
// second {id: 1}
// publish settles with undefined
// heard before it settles {topic: "orders/placed", value: {id: 1}}
// first {topic: "orders/placed", value: {id: 2}}
// second {id: 2}
// publish settles with undefined
// heard before it settles {topic: "orders/placed", value: {id: 2}}
// first {topic: "orders/placed", value: undefined}
// second undefined
// without a value {topic: "orders/placed", value: undefined} all 4
// second {id: 3}
// second undefined
// after unsubscribe 4
// heard 1000 in order true
// end
// exit 0
