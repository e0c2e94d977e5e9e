import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    double: async (n) => {
      // Answers in another order than the calls.
      for (let i = 0; i < n % 7; i++) await null;
      return n * 2;
    },
  },
});
await node.start();
const answers = await Promise.all(
  Array.from({ length: 1000 }, (_, n) => node.request("a/double", [n])),
);
say("right", answers.filter((answer, n) => answer === n * 2).length);
await node.stop();
end();

// trace
// right 1000
// end
// exit 0
