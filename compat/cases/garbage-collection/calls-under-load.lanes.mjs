import { collectGarbage, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { echo: async (value) => value } });
await node.start();
let right = 0;
for (let round = 0; round < 50; round++) {
  const calls = Array.from({ length: 50 }, (_, n) =>
    node.request("a/echo", { n, text: `${n}`.repeat(100) }),
  );
  collectGarbage();
  for (const [n, answer] of (await Promise.all(calls)).entries()) if (answer.n === n) right++;
}
say("right", right);
await node.stop();
end();

// trace
// right 2500
// end
// exit 0
