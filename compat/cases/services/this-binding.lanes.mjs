import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const service = {
  name: "counter",
  path: "counter",
  actions: {
    next() {
      return this === service.actions;
    },
    described: {
      handler() {
        return this === service.actions.described;
      },
    },
  },
  start() {
    say("start hook", String(this === service));
  },
};
node.addService(service);
await node.start();
say("function", await node.request("counter/next"));
say("object", await node.request("counter/described"));
await node.stop();
end();

// trace
// start hook true
// function true
// object true
// end
// exit 0
