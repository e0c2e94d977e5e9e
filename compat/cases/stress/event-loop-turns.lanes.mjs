import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { later: async (n) => n } });
await node.start();
let turns = 0;
let done = false;
const turn = () => {
  turns++;
  if (!done) setTimeout(turn, 1);
};
setTimeout(turn, 1);
const calls = Array.from({ length: 100 }, async () => {
  for (let i = 0; i < 100; i++) {
    await node.request("a/later", [i]);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
});
await Promise.all(calls);
done = true;
say("it turned", String(turns >= 50));
await node.stop();
end();

// trace
// it turned true
// end
// exit 0
