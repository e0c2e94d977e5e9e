import { deferred, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const done = deferred();
const node = new LaneNode();
node.addService({
  name: "orders",
  path: "orders",
  actions: {
    async place(id, ctx) {
      await ctx.publish("orders/placed", { id });
      await ctx.topics().publish("orders/typed", id);
      return `placed ${id}`;
    },
    describe: (id) => `order ${id}`,
  },
  events: {
    async "orders/placed"(event, ctx) {
      const text = await ctx.request("orders/describe", [event.value.id]);
      say("described", text, await ctx.client("orders").describe(0));
      await ctx.publish("mail/sent", text);
    },
  },
});
const typed = [];
node.on("orders/typed", ({ value }) => typed.push(value));
node.on("mail/*", ({ topic, value }) => {
  say(topic, value);
  done.resolve();
});
await node.start();
const answer = await node.request("orders/place", [7]);
await done.promise;
say(answer, "typed", typed);
await node.stop();
end();

// trace
// described order 7 order 0
// mail/sent order 7
// placed 7 typed [7]
// end
// exit 0
