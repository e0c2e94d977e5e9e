import { deferred, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const [gate, entered] = [deferred(), deferred()];
const node = new LaneNode();
node.on("a/heard", (event) => say("event", event.value));
node.addService({
  name: "a",
  path: "a",
  actions: {
    async outer(ctx) {
      entered.resolve();
      await gate.promise;
      await ctx.publish("a/heard", node.state);
      return [await ctx.request("a/inner"), await ctx.client("a").inner()];
    },
    inner: () => node.state,
  },
});
await node.start();
const running = node.request("a/outer");
await entered.promise;
const stopping = node.stop();
gate.resolve();
say(await running);
await stopping;
say(node.state);
end();

// trace
// event draining
// ["draining", "draining"]
// stopped
// end
// exit 0
