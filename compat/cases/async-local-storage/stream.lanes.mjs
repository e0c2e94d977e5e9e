// not remote: an AsyncLocalStorage store does not travel to a peer
import { AsyncLocalStorage } from "node:async_hooks";
import { currentLogger } from "runar-ts/logging";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const storage = new AsyncLocalStorage();
const node = new LaneNode({}, { asyncContext: true });
const look = (where) => say(where, storage.getStore(), "logger", currentLogger() !== undefined);
node.addService({
  name: "a",
  path: "a",
  actions: {
    async *steps() {
      try {
        look("first step");
        yield 1;
        look("second step");
        await new Promise((resolve) => setTimeout(resolve, 1));
        look("after a timer");
        yield 2;
      } finally {
        look("clean-up");
      }
    },
  },
});
await node.start();
const items = await storage.run("call", () => node.request("a/steps"));
say((await storage.run("reader", () => items.next())).value);
say((await items.next()).value);
await storage.run("leaver", () => items.return());
await node.stop();
end();

// trace
// first step call logger true
// 1
// second step call logger true
// after a timer call logger true
// 2
// clean-up call logger true
// end
// exit 0
