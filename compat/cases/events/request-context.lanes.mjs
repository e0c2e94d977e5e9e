// An event carries the request id and the trace context of its publisher to subscribers of the node.
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const records = [];
const node = new LaneNode({}, { logger: (record) => records.push(record) });
const seen = [];
node.addService({
  name: "a",
  path: "a",
  actions: {
    order: (id, ctx) => ctx.publish("ordered", id),
    ship: (id, ctx) => seen.push(["ship", id, ctx.requestId, ctx.traceparent]),
  },
  events: {
    async ordered({ value }, ctx) {
      seen.push(["service", value, ctx.requestId, ctx.traceparent]);
      ctx.logger.info("heard");
      await ctx.request("a/ship", [value]);
    },
  },
});
await node.start();
node.on("ordered", ({ value }, ctx) => {
  seen.push(["subscriber", value, ctx.requestId, ctx.traceparent]);
});
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
await node.request("a/order", [7], { requestId: "http-7", traceparent });
await new Promise((resolve) => setTimeout(resolve, 20));
for (const line of seen.sort()) say(...line);
const ids = [];
const pair = [0, 1].map(() => node.on("plain", (_, ctx) => ids.push(ctx.requestId)));
await node.publish("plain", null);
say("one id for all subscribers", ids.length, ids[0] === ids[1], ids[0] !== "http-7");
for (const subscription of pair) subscription.unsubscribe();
await node.stop();
const [heard] = records.filter(({ message }) => message === "heard");
say(heard.service, heard.event, heard.requestId, heard.traceparent);
end();

// trace
// service 7 http-7 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
// ship 7 http-7 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
// subscriber 7 http-7 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
// one id for all subscribers 2 true true
// a ordered http-7 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
// end
// exit 0
