// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const events = node.events("a/*");
for (let value = 0; value < 5; value++) await node.publish("a/b", value);
for await (const { topic, value } of events) {
  say(topic, value);
  if (value === 3) break;
}
await node.publish("a/b", "after the break");
say("after the break", await events.next(), events.dropped);
const waiting = node.events("a/*");
const reads = [waiting.next(), waiting.next(), waiting.next()];
await node.publish("a/x", "first");
await node.publish("a/y", undefined);
await node.stop();
for (const read of reads) {
  const { done, value } = await read;
  say(done, value);
}
end();

// trace
// a/b 0
// a/b 1
// a/b 2
// a/b 3
// after the break {done: true, value: undefined} 0
// false {topic: "a/x", value: "first"}
// false {topic: "a/y", value: undefined}
// true undefined
// end
// exit 0
