import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const heard = [];
const logger = ({ target, ...record }) => target === "runar-ts" && heard.push(record);
const node = new LaneNode({}, { logger });
node.addService({
  name: "shop",
  path: "shop",
  actions: {
    order: async (ctx) => {
      ctx.logger.info("order");
      await ctx.request("shop/pay");
      await Promise.all([ctx.request("shop/pack"), ctx.request("shop/pack")]);
    },
    pay: async (ctx) => {
      ctx.logger.child({ by: "card" }).info("pay");
      await ctx.request("shop/pack");
    },
    pack: (ctx) => ctx.logger.info("pack"),
  },
});
/** A sink that was slow, as on a busy machine, gets its records later. */
async function whenHeard(count) {
  while (heard.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
}
await node.start();
node.logger.info("outside");
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
await node.request("shop/order", [], { requestId: "http-7", traceparent });
await whenHeard(6);
for (const { message, requestId, traceparent, fields } of heard.splice(0)) {
  say(message, requestId ?? "none", traceparent?.length ?? "none", fields ?? "no fields");
}
await Promise.all([node.request("shop/order"), node.request("shop/order")]);
await whenHeard(10);
const ids = heard.map(({ requestId }) => requestId);
say("records", ids.length, "calls from outside", new Set(ids).size, typeof ids[0]);
say(await rejection(node.request("shop/pack", [], { requestId: 5 })));
for (const bad of ["", "00-1", 7]) {
  say(await rejection(node.request("shop/pack", [], { traceparent: bad })));
}
await node.stop();
end();

// trace
// outside none none no fields
// order http-7 55 no fields
// pay http-7 55 {by: "card"}
// pack http-7 55 no fields
// pack http-7 55 no fields
// pack http-7 55 no fields
// records 10 calls from outside 2 string
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.requestId: expected a string, got a number
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.traceparent: expected 00-<trace id>-<span id>-<flags>, got ""
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.traceparent: expected 00-<trace id>-<span id>-<flags>, got "00-1"
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.traceparent: expected 00-<trace id>-<span id>-<flags>, got 7
// end
// exit 0
