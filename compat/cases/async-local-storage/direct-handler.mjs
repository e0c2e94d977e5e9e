import { AsyncLocalStorage } from "node:async_hooks";
import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const storage = new AsyncLocalStorage();
const node = new Node({});
node.addService({
  name: "a",
  path: "a",
  actions: {
    now: () => storage.getStore(),
    later: async () => {
      await null;
      return storage.getStore();
    },
  },
});
await node.start();
await storage.run("one", async () => {
  say("now", await node.request("a/now"));
  say("later", await node.request("a/later"));
  say("after the call", storage.getStore());
});
await node.stop();
end();

// trace
// now one
// later one
// after the call one
// end
// exit 0
