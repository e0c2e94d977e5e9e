import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: { later: { concurrency: Number.POSITIVE_INFINITY, handler: async (n) => n } },
});
await node.start();
const answers = await Promise.all(
  Array.from({ length: 20_000 }, (_, n) => node.request("a/later", [n])),
);
say("right", answers.filter((answer, n) => answer === n).length);
await node.stop();
end();

// trace
// right 20000
// end
// exit 0
