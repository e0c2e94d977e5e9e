import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
const mailer = {
  name: "mailer",
  path: "mailer",
  actions: {},
  events: {
    "orders/*": (event, ctx) => say("heard", event, ctx.path, ctx.node === node),
    async "news/>"(event) {
      say("news", event.topic, typeof this["orders/*"]);
    },
  },
};
node.addService(mailer);
await node.start();
await node.publish("orders/placed", 1);
await node.publish("news/a/b");
await node.stop();
await node.start();
await node.publish("orders/placed", 2);
await node.removeService("mailer");
await node.publish("orders/placed", 3);
await node.addService(mailer);
await node.publish("orders/placed", 4);
await node.stop();
end();

// trace
// heard {topic: "orders/placed", value: 1} orders/placed true
// news news/a/b function
// heard {topic: "orders/placed", value: 2} orders/placed true
// heard {topic: "orders/placed", value: 4} orders/placed true
// end
// exit 0
