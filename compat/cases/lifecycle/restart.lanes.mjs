import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { add: (a, b) => a + b } });
await node.start();
const { id } = node;
for (let round = 1; round <= 5; round++) {
  await node.stop();
  await node.start();
  say(
    "round",
    round,
    "same id:",
    node.id === id,
    "a/add:",
    await node.request("a/add", [round, 1]),
  );
}
await node.stop();
end();

// trace
// round 1 same id: true a/add: 2
// round 2 same id: true a/add: 3
// round 3 same id: true a/add: 4
// round 4 same id: true a/add: 5
// round 5 same id: true a/add: 6
// end
// exit 0
