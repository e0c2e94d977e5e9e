import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

process.on("unhandledRejection", (error) => say("unhandled", error));
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    fail: async () => {
      throw new Error("no");
    },
    never: () => new Promise(() => {}),
    nested: async (ctx) => {
      const inner = ctx.request("a/fail");
      return rejection(inner).then(() => "handled");
    },
  },
  init: async () => undefined,
});
await node.start();
say((await rejection(node.request("a/fail"))).code);
say(await node.request("a/nested"));
say((await rejection(node.request("a/never", [], { timeoutMs: 10 }))).code);
const controller = new AbortController();
const aborted = rejection(node.request("a/never", [], { signal: controller.signal }));
controller.abort(new Error("enough"));
say((await aborted).message);
node.on("a", async () => {
  throw new Error("in a subscriber");
});
node.setLogLevel("off");
await node.publish("a", 1);
await new Promise((resolve) => setTimeout(resolve, 20));
await node.stop({ drainMs: 0 });
end();

// trace
// ERR_RUNAR_ACTION
// handled
// ERR_RUNAR_TIMEOUT
// enough
// end
// exit 0
