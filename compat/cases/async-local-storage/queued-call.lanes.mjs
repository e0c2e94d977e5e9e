// not remote: an AsyncLocalStorage store does not travel to a peer
import { AsyncLocalStorage } from "node:async_hooks";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const storage = new AsyncLocalStorage();
const node = new LaneNode();
const handler = async (name) => {
  const before = storage.getStore();
  await new Promise((resolve) => setTimeout(resolve, 1));
  return [name, before, storage.getStore()];
};
node.addService({ name: "a", path: "a", actions: { work: { concurrency: 1, handler } } });
await node.start();
const calls = ["a", "b", "c", "d"].map((name) =>
  storage.run(name, () => node.request("a/work", [name])),
);
for (const call of calls) say(await call);
await node.stop();
end();

// trace
// ["a", "a", "a"]
// ["b", "b", "b"]
// ["c", "c", "c"]
// ["d", "d", "d"]
// end
// exit 0
