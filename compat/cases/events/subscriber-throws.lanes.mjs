// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const records = [];
const node = new LaneNode({}, { logger: (record) => records.push(record) });
await node.start();
node.on("a", () => {
  throw new Error("first");
});
node.on("a", async () => {
  throw new Error("second");
});
node.on("a", (event) => say("heard", event.value));
await node.publish("a", 5);
await node.stop();
for (const { level, message, error } of records.filter((record) => record.level === "error")) {
  say(level, message, error.message);
}
end();

// trace
// heard 5
// error a subscriber of a failed: first first
// error a subscriber of a failed: second second
// end
// exit 0
