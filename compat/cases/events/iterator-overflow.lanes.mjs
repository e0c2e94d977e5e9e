import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
for (const overflow of [undefined, "drop-oldest", "drop-newest"]) {
  const events = node.events("n/*", { limit: 3, overflow });
  for (let n = 0; n < 8; n++) await node.publish(`n/${n}`, n);
  say(overflow ?? "by default", "dropped", events.dropped);
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
say("two readers at once");
const all = node.events("n/*", { limit: 3 });
const newest = node.events("n/*", { limit: 2, overflow: "drop-newest" });
for (let n = 0; n < 5; n++) await node.publish(`n/${n}`, n);
say("dropped", all.dropped, newest.dropped);
for (let n = 0; n < 3; n++) say("all", (await all.next()).value.value);
for (let n = 0; n < 2; n++) say("newest", (await newest.next()).value.value);
const waiting = all.next();
await node.publish("n/last", "last");
say("waited for", (await waiting).value.value);
say("newest", (await newest.next()).value.value);
const ended = newest.next();
await node.stop();
say("ended by the stop", (await ended).done);
end();

// trace
// by default dropped 5
//   read [5, 6, 7]
// drop-oldest dropped 5
//   read [5, 6, 7]
// drop-newest dropped 5
//   read [0, 1, 2]
// by default 1024 wait: dropped 6 the oldest left 6
// two readers at once
// dropped 2 3
// all 2
// all 3
// all 4
// newest 0
// newest 1
// waited for last
// newest last
// ended by the stop true
// end
// exit 0
