import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    fibonacci: {
      concurrency: Number.POSITIVE_INFINITY,
      handler: async (n, ctx) => {
        if (n < 2) return n;
        const [one, two] = await Promise.all(
          [n - 1, n - 2].map((less) => ctx.request("a/fibonacci", [less])),
        );
        return one + two;
      },
    },
  },
});
await node.start();
say("35,421 calls:", await node.request("a/fibonacci", [21]));
await node.stop();
end();

// trace
// 35,421 calls: 10946
// end
// exit 0
