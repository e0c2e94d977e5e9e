import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { add: (a, b) => a + b } });
await node.start();
let sum = 0;
async function caller() {
  for (let i = 0; i < 50_000 / 64; i++) {
    const two = await node.request("a/add", [1, 1]);
    sum += two;
  }
}
await Promise.all(Array.from({ length: 64 }, caller));
say("sum", sum);
await node.stop();
end();

// trace
// sum 100096
// end
// exit 0
