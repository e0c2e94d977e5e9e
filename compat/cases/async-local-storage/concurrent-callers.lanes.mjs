import { AsyncLocalStorage } from "node:async_hooks";
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const storage = new AsyncLocalStorage();
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    ping: async () => "pong",
    fail: async () => {
      throw new Error("no");
    },
  },
});
await node.start();
const caller = (name) =>
  storage.run(name, async () => {
    await node.request("a/ping");
    await rejection(node.request("a/fail"));
    await node.request("nobody/home").catch(() => undefined);
    return `${name} is still ${storage.getStore()}`;
  });
for (const line of await Promise.all(["one", "two", "three"].map(caller))) say(line);
await node.stop();
end();

// trace
// one is still one
// two is still two
// three is still three
// end
// exit 0
