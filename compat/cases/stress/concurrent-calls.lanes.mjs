import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    double: {
      concurrency: Number.POSITIVE_INFINITY,
      handler: async (n) => {
        // Answers in another order than the calls.
        for (let i = 0; i < n % 7; i++) await null;
        return n * 2;
      },
    },
  },
});
await node.start();
const answers = await Promise.all(
  Array.from({ length: 20_000 }, (_, n) => node.request("a/double", [n])),
);
say("right", answers.filter((answer, n) => answer === n * 2).length);
await node.stop();
end();

// trace
// right 20000
// end
// exit 0
