// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

process.on("unhandledRejection", (reason) => say("unhandled", reason));
const records = [];
const node = new LaneNode({}, { logger: (record) => records.push(record) });
node.on("a/b", () => {
  throw new TypeError("no");
});
node.on("a/*", async () => {
  throw new RangeError("out");
});
node.on("a/b", () => Promise.reject("just text"));
node.on("a/b", ({ value }) => say("heard", value));
await node.start();
await node.publish("a/b", 1);
await node.publish("a/b", 2);
await node.stop();
for (const { level, message, error } of records) {
  say(level, message, error?.name, error?.message);
}
say("records", records.length);
end();

// trace
// heard 1
// heard 2
// error a subscriber of a/b failed: no TypeError no
// error a subscriber of a/b failed: just text undefined undefined
// error a subscriber of a/b failed: out RangeError out
// error a subscriber of a/b failed: no TypeError no
// error a subscriber of a/b failed: just text undefined undefined
// error a subscriber of a/b failed: out RangeError out
// records 6
// end
// exit 0
