// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "mailer",
  path: "mailer",
  actions: { order: (id, ctx) => ctx.publish("orders/placed", { id }) },
  events: {
    "orders/*": (event, ctx) => say("mail about", event.topic, event.value, ctx.path),
  },
});
await node.start();
await node.request("mailer/order", [7]);
await node.removeService("mailer");
await node.publish("orders/placed", { id: 8 });
await node.stop();
end();

// trace
// mail about orders/placed {id: 7} orders/placed
// end
// exit 0
