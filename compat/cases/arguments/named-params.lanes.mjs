import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "shop",
  path: "shop",
  actions: {
    price: {
      params: ["isbn", "count"],
      handler: (isbn, count = 1, ctx) => `${count} x ${isbn} for ${ctx.path}`,
    },
  },
});
await node.start();
say(await node.request("shop/price", { isbn: "moby-dick" }));
say(await node.request("shop/price", { count: 3, isbn: "moby-dick" }));
say(await node.request("shop/price", ["moby-dick"]));
say(await node.request("shop/price", ["moby-dick", 2]));
say(await rejection(node.request("shop/price", { isbn: "moby-dick", cuont: 3 })));
say(await rejection(node.request("shop/price", {})));
say(await rejection(node.request("shop/price", ["moby-dick", 1, 2])));
say(await rejection(node.request("shop/price", "moby-dick")));
await node.stop();
end();

// trace
// 1 x moby-dick for shop/price
// 3 x moby-dick for shop/price
// 1 x moby-dick for shop/price
// 2 x moby-dick for shop/price
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/price: expected { isbn, count } or an array in that order; there is no cuont
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/price: expected { isbn, count } or an array in that order; isbn is missing
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/price: expected { isbn, count } or an array in that order, got an array of 3
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/price: expected { isbn, count } or an array in that order, got one value
// end
// exit 0
