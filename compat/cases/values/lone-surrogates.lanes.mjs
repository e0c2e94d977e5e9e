import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { checkValues: "check" });
node.addService({ name: "a", path: "a", actions: { echo: (value) => value } });
await node.start();
const texts = ["\ud83d", "\ude00", "a\ud83d", "\ude00b", "a\ud83db", "\ude00\ud83d", "😀\ud83d"];
const long = `${"a".repeat(100_000)}\ud83d`;
for (const text of [...texts, long]) {
  const value = await rejection(node.request("a/echo", { text }));
  const key = await rejection(node.request("a/echo", { [text]: 1 }));
  say(value.details?.path ?? value, key.details?.path ?? key);
}
say((await rejection(node.request("a/echo", "\ud83d"))).message);
say((await rejection(node.request("a/echo", { in: { "\ud83d": 1 } }))).message);
say("whole pairs", await node.request("a/echo", { "😀": "😀\u{10ffff}" }));
await node.stop();
end();

// trace
// payload.text payload
// payload.text payload
// payload.text payload
// payload.text payload
// payload.text payload
// payload.text payload
// payload.text payload
// payload.text payload
// payload: a string with half of a surrogate pair is no Unicode; send toWellFormed(), or bytes
// payload.in: the key "\ud83d": a string with half of a surrogate pair is no Unicode; send toWellFormed(), or bytes
// whole pairs {😀: "😀􏿿"}
// end
// exit 0
