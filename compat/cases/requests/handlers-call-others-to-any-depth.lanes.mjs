import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
node.addService({
  name: "math",
  path: "math",
  actions: {
    fibonacci: async (n, ctx) =>
      n < 2
        ? n
        : (await ctx.request("math/fibonacci", [n - 1])) +
          (await ctx.request("math/fibonacci", [n - 2])),
    // Two services that call each other.
    even: (n, ctx) => (n === 0 ? true : ctx.request("odd/odd", [n - 1])),
  },
});
node.addService({
  name: "odd",
  path: "odd",
  actions: { odd: (n, ctx) => (n === 0 ? false : ctx.client("math").even(n - 1)) },
});
await node.start();
say("fibonacci", await node.request("math/fibonacci", [12]));
say("100 is even", await node.request("math/even", [100]));
say("101 is even", await node.request("math/even", [101]));
await node.stop();
end();

// trace
// fibonacci 144
// 100 is even true
// 101 is even false
// end
// exit 0
