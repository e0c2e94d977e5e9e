import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
node.addService({
  name: "shop",
  path: "shop",
  actions: {
    price: {
      params: ["isbn", "count"],
      handler: (isbn, count, ctx) => [isbn, count, ctx.path],
    },
    nothing: { params: [], handler: (ctx) => ctx.path },
    odd: { params: ["__proto__", "length", "a b"], handler: (a, b, c) => [a, b, c] },
  },
});
await node.start();
say(await node.request("shop/price", { count: 2, isbn: "x" }));
say(await node.request("shop/price", ["x", 2]));
say(await node.client("shop").price("x", 2));
say(await node.request("shop/price", { isbn: null, count: undefined }));
say(await node.request("shop/nothing"), await node.request("shop/nothing", {}));
say(await node.request("shop/odd", { ["__proto__"]: 1, length: 2, "a b": 3 }));
await node.stop();
end();

// trace
// ["x", 2, "shop/price"]
// ["x", 2, "shop/price"]
// ["x", 2, "shop/price"]
// [null, undefined, "shop/price"]
// shop/nothing shop/nothing
// [1, 2, 3]
// end
// exit 0
