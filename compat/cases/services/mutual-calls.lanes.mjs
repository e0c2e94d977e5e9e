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
for (const [path, other] of [
  ["a", "b"],
  ["b", "a"],
]) {
  node.addService({
    name: path,
    path,
    actions: {
      factorial: async (n, ctx) =>
        n <= 1 ? 1 : n * (await ctx.request(`${other}/factorial`, [n - 1])),
    },
  });
}
await node.start();
say(await node.request("till/total", [["pen", "paper", "ink"]]));
say(await node.request("a/factorial", [15]));
await node.stop();
end();

// trace
// 15
// 1307674368000
// end
// exit 0
