import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
let running = 0;
let most = 0;
node.addService({
  name: "a",
  path: "a",
  actions: {
    work: {
      concurrency: 4,
      handler: async (n) => {
        most = Math.max(most, ++running);
        for (let i = 0; i < 10; i++) await null;
        running--;
        return n;
      },
    },
  },
});
await node.start();
const answers = await Promise.all(
  Array.from({ length: 100 }, (_, n) => node.request("a/work", [n])),
);
say("most at once", most, "answered", answers.filter((answer, n) => answer === n).length);
await node.stop();
end();

// trace
// most at once 4 answered 100
// end
// exit 0
