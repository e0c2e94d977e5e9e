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
    run: () => storage.run("handler", async () => storage.getStore()),
    throws: () =>
      storage.run("handler", () => {
        throw new Error("no");
      }),
    fail: async () => {
      throw new Error("no");
    },
    never: () => new Promise(() => undefined),
  },
});
await node.start();
await storage.run("caller", async () => {
  say(await node.request("a/run"), storage.getStore());
  await node.request("a/throws").catch(() => say("caught", storage.getStore()));
  await node.request("a/never", [], { timeoutMs: 15 }).catch(() => say("late", storage.getStore()));
  await node.request("a/nope").catch(() => say("nobody", storage.getStore()));
  await node.request("$registry/services/list").then(() => say("registry", storage.getStore()));
});
say("outside", storage.getStore());
const caller = (name) =>
  storage.run(name, async () => {
    await node.request("a/ping");
    await rejection(node.request("a/fail"));
    await node.request("nobody/home").catch(() => undefined);
    return `${name} is still ${storage.getStore()}`;
  });
for (const line of await Promise.all(["one", "two", "three"].map(caller))) say(line);
await node.stop({ drainMs: 0 });
end();

// trace
// handler caller
// caught caller
// late caller
// nobody caller
// registry caller
// outside undefined
// one is still one
// two is still two
// three is still three
// end
// exit 0
