// not remote: the case makes no calls; the group network covers events between peers
import { AsyncLocalStorage } from "node:async_hooks";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const storage = new AsyncLocalStorage();
const node = new LaneNode();
const heard = [];
await node.start();
storage.run("subscriber", () => {
  node.on("a/b", ({ value }) => heard.push([value, storage.getStore()]));
  node.on("a/*", async ({ value }) => {
    await null;
    heard.push([value, storage.getStore()]);
  });
});
const publish = (value) => storage.run(`publisher ${value}`, () => node.publish("a/b", value));
await Promise.all([1, 2, 3].map(publish));
await node.stop();
const right = heard.filter(([value, store]) => store === `publisher ${value}`);
say("heard", heard.length, "right", right.length);
end();

// trace
// heard 6 right 6
// end
// exit 0
