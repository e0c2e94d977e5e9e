// A stream that nobody reads does not hold the stop for its drain time; one that is read does.
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
let left = 0;
async function* count(to) {
  try {
    for (let number = 0; number < to; number++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      yield number;
    }
  } finally {
    left++;
  }
}
node.addService({ name: "a", path: "a", actions: { count } });
await node.start();
const unread = await node.request("a/count", [1_000_000]);
say((await unread.next()).value);
const read = await node.request("a/count", [5]);
say((await read.next()).value);
const stopped = node.stop({ drainMs: 50_000 });
for await (const number of read) say(number);
await stopped;
say("generators left", left);
say(node.state);
await rejection(unread.next());
say(await unread.next());
end();

// trace
// 0
// 0
// 1
// 2
// 3
// 4
// generators left 2
// stopped
// {done: true, value: undefined}
// end
// exit 0
