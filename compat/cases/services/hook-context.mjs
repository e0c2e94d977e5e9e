import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({});
node.addService({ name: "other", path: "other", actions: { ping: () => "pong" } });
node.addService({
  name: "a",
  path: "a",
  actions: {},
  init: (ctx) => say("init", typeof ctx.logger.info, ctx.node === node, ctx.signal.aborted),
  start: async (ctx) => say("start", await ctx.request("other/ping")),
  stop: async (ctx) => say("stop", await ctx.client("other").ping()),
});
await node.start();
await node.removeService("a");
await node.stop();
end();

// trace
// init function true false
// start pong
// stop pong
// end
// exit 0
