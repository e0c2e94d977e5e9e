import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const records = [];
const node = new Node({}, { logger: (record) => records.push(record) });
node.on("b/*", (event) => say("event", event.topic, event.value));
node.addService({ name: "a", path: "a", actions: { one: () => 1 } });
node.addService({
  name: "b",
  path: "b",
  actions: { two: () => 2 },
  init(ctx) {
    say("init", ctx.node === node, ctx.signal.aborted);
  },
  async start(ctx) {
    say("start", await ctx.request("a/one"), await ctx.client("a").one());
    ctx.logger.info("started");
    await ctx.publish("b/started", { by: "b" }).catch((error) => say(error.message));
  },
  async stop(ctx) {
    say("stop", ctx.node.state, await ctx.request("a/one").catch((error) => error.message));
  },
});
await node.start();
await node.stop();
for (const { level, service, message } of records) say("record", level, service, message);
end();

// trace
// init true false
// start 1 1
// event b/started {by: "b"}
// stop draining 1
// record info b started
// end
// exit 0
