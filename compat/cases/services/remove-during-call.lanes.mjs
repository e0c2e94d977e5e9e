import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const [gate, entered] = [deferred(), deferred()];
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    async wait() {
      entered.resolve();
      await gate.promise;
      return "answered";
    },
  },
});
await node.start();
const running = node.request("a/wait");
await entered.promise;
await node.removeService("a");
say((await rejection(node.request("a/wait"))).code);
gate.resolve();
say(await running);
await node.stop();
end();

// trace
// ERR_RUNAR_NOT_FOUND
// answered
// end
// exit 0
