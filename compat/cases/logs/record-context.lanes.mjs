// not remote: a node of a network has its id before it starts
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const records = [];
const node = new LaneNode({ node_id: "shop" }, { logger: (record) => records.push(record) });
node.addService({
  name: "till",
  path: "till",
  init: (ctx) => ctx.logger.info("in init"),
  start: (ctx) => ctx.logger.info("in start"),
  stop: (ctx) => ctx.logger.info("in stop"),
  actions: {
    open: async (ctx) => {
      ctx.logger.info("in the action");
      await ctx.request("till/items/7");
      ctx.logger.child({ request: 1 }).info("in the action again", { n: 2 });
    },
    "items/{id}": (ctx) => ctx.logger.info(`item ${ctx.params.id}`),
  },
  events: {
    "orders/*": (event, ctx) => ctx.logger.info(`event ${event.value}`),
  },
});
node.logger.info("before the start");
await node.start();
await node.request("till/open");
await node.publish("orders/placed", 1);
node.on("notes/sent", (event, ctx) => ctx.logger.warn(`heard ${event.value}`));
await node.publish("notes/sent", 2);
await node.stop();
await new Promise(setImmediate);
const mine = records.filter(({ target }) => target === "runar-ts");
for (const { message, component, service, action, event, fields, nodeId } of mine) {
  const where = [component, service, action, event].map((part) => part ?? "-").join(" ");
  say(
    `${message}: ${where}`,
    fields ?? "",
    nodeId === undefined ? "no id yet" : nodeId === node.id,
  );
}
end();

// trace
// before the start: Node - - -  no id yet
// in init: Service till - -  no id yet
// in start: Service till - -  true
// in the action: Service till open -  true
// item 7: Service till items/{id} -  true
// in the action again: Service till open - {n: 2, request: 1} true
// event 1: Service till - orders/*  true
// heard 2: Node - - notes/sent  true
// in stop: Service till - -  true
// end
// exit 0
