// not remote: an AsyncLocalStorage store does not travel to a peer
import { AsyncLocalStorage } from "node:async_hooks";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const storage = new AsyncLocalStorage();
const node = new LaneNode();
const wait = () => new Promise((resolve) => setTimeout(resolve, 1));
node.addService({
  name: "a",
  path: "a",
  actions: {
    sync: () => [storage.getStore()],
    async later() {
      const before = storage.getStore();
      await wait();
      return [before, storage.getStore()];
    },
  },
});
await node.start();
const call = async (n) => {
  const seen = await node.request(n % 2 === 0 ? "a/sync" : "a/later");
  return [...seen, storage.getStore()].every((store) => store === n);
};
const all = await Promise.all(Array.from({ length: 200 }, (_, n) => storage.run(n, () => call(n))));
say("right", all.filter(Boolean).length, "of", all.length);
await node.stop();
end();

// trace
// right 200 of 200
// end
// exit 0
