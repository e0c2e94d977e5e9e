import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
for (const overflow of ["drop-oldest", "drop-newest"]) {
  const events = node.events("n/*", { limit: 3, overflow });
  for (let n = 0; n < 8; n++) await node.publish(`n/${n}`, n);
  say(overflow, "dropped", events.dropped);
  const read = [];
  for await (const event of events) {
    read.push(event.value);
    if (read.length === 3) break;
  }
  say("  read", read);
}
const plenty = node.events("m");
for (let n = 0; n < 1_030; n++) await node.publish("m", n);
const { value } = await plenty.next();
say("by default 1024 wait: dropped", plenty.dropped, "the oldest left", value.value);
await plenty.return();
await node.stop();
end();

// trace
// drop-oldest dropped 5
//   read [5, 6, 7]
// drop-newest dropped 5
//   read [0, 1, 2]
// by default 1024 wait: dropped 6 the oldest left 6
// end
// exit 0
