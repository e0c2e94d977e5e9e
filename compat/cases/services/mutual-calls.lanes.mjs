import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "till",
  path: "till",
  actions: {
    async total(items, ctx) {
      const stock = ctx.client("stock");
      const prices = await Promise.all(items.map((item) => stock.price(item)));
      return prices.reduce((sum, price) => sum + price, 0);
    },
    round: (value) => Math.round(value),
  },
});
node.addService({
  name: "stock",
  path: "stock",
  actions: { price: (item, ctx) => ctx.request("till/round", [item.length * 1.4]) },
});
await node.start();
say(await node.request("till/total", [["pen", "paper", "ink"]]));
await node.stop();
end();

// trace
// 15
// end
// exit 0
