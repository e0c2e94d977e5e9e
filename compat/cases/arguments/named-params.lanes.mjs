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
    order: { params: ["isbn", "count"], handler: (isbn, count) => [isbn, count] },
  },
});
await node.start();
say(await node.request("shop/price", { isbn: "moby-dick" }));
say(await node.request("shop/price", { count: 3, isbn: "moby-dick" }));
say(await node.request("shop/price", ["moby-dick"]));
say(await node.request("shop/price", ["moby-dick", 2]));
for (const payload of [{ isbn: "x", cuont: 3 }, {}, ["x", 1, 2], "x"]) {
  say(payload, await rejection(node.request("shop/price", payload)));
}
for (const payload of [
  { isbn: "x" },
  { isbn: "x", count: 1, cuont: 1 },
  { isbn: "x", count: 1, toString: 1 },
  {},
  ["x"],
  ["x", 1, 2],
  "x",
  null,
  undefined,
  new Uint8Array(2),
]) {
  say(payload, await rejection(node.request("shop/order", payload)));
}
await node.stop();
end();

// trace
// 1 x moby-dick for shop/price
// 3 x moby-dick for shop/price
// 1 x moby-dick for shop/price
// 2 x moby-dick for shop/price
// {cuont: 3, isbn: "x"} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/price: expected { isbn, count } or an array in that order; there is no cuont
// {} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/price: expected { isbn, count } or an array in that order; isbn is missing
// ["x", 1, 2] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/price: expected { isbn, count } or an array in that order, got an array of 3
// x InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/price: expected { isbn, count } or an array in that order, got one value
// {isbn: "x"} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/order: expected { isbn, count } or an array in that order; count is missing
// {count: 1, cuont: 1, isbn: "x"} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/order: expected { isbn, count } or an array in that order; there is no cuont
// {count: 1, isbn: "x", toString: 1} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/order: expected { isbn, count } or an array in that order; there is no toString
// {} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/order: expected { isbn, count } or an array in that order; isbn is missing
// ["x"] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/order: expected { isbn, count } or an array in that order, got an array of 1
// ["x", 1, 2] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/order: expected { isbn, count } or an array in that order, got an array of 3
// x InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/order: expected { isbn, count } or an array in that order, got one value
// null InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/order: expected { isbn, count } or an array in that order, got one value
// undefined InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/order: expected { isbn, count } or an array in that order, got an array of 0
// bytes[0 0] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: shop/order: expected { isbn, count } or an array in that order, got one value
// end
// exit 0
