// not remote: the case makes no calls; the group network covers events between peers
import { AsyncLocalStorage } from "node:async_hooks";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const storage = new AsyncLocalStorage();
const node = new LaneNode();
await node.start();
const reading = storage.run("reader", async () => {
  const read = [];
  for await (const { value } of node.events("a/b")) read.push(value, storage.getStore());
  return read;
});
const waiting = storage.run("waiter", async () => {
  const { value } = await node.once("a/b");
  return [value, storage.getStore()];
});
for (const value of [1, 2]) await storage.run("publisher", () => node.publish("a/b", value));
say(await waiting);
await node.stop();
say(await reading);
end();

// trace
// [1, "waiter"]
// [1, "reader", 2, "reader"]
// end
// exit 0
