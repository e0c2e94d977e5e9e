// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
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
