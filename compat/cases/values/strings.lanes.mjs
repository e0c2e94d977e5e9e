import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { echo: (value) => value } });
await node.start();
for (const text of [
  "",
  "plain",
  "ümlaut",
  "世界",
  "🌍 astral",
  "nul \0 inside",
  "\u2028",
  "x".repeat(100_000),
  "é".repeat(50_000),
]) {
  const answer = await node.request("a/echo", text);
  say(text.length, answer === text ? "came back" : "differs");
}
await node.stop();
end();

// trace
// 0 came back
// 5 came back
// 6 came back
// 2 came back
// 9 came back
// 12 came back
// 1 came back
// 100000 came back
// 50000 came back
// end
// exit 0
