// not remote: an AsyncLocalStorage store does not travel to a peer
import { AsyncLocalStorage } from "node:async_hooks";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const storage = new AsyncLocalStorage();
const store = () => storage.getStore() ?? "nothing";
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    sync: store,
    async: async () => {
      await null;
      return store();
    },
    timer: () => new Promise((resolve) => setTimeout(() => resolve(store()), 1)),
    "of/{template}": store,
  },
});
await node.start();
const actions = ["sync", "async", "timer", "of/x"];
for (const action of actions) {
  const seen = await storage.run("caller", () => node.request(`a/${action}`));
  say(action, seen, "outside:", await node.request(`a/${action}`));
}
say("client", await storage.run("caller", () => node.client("a").async()));
await storage.run("caller", async () => {
  for (const action of actions) await node.request(`a/${action}`);
  say("after the calls", store());
});
await node.stop();
end();

// trace
// sync caller outside: nothing
// async caller outside: nothing
// timer caller outside: nothing
// of/x caller outside: nothing
// client caller
// after the calls caller
// end
// exit 0
