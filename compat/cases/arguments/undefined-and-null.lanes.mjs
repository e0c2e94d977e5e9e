import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    kinds: (a, b, c) => [a, b, c].map((value) => (value === null ? "null" : typeof value)),
  },
});
await node.start();
say(await node.request("a/kinds", [undefined, null, 0]));
say(await node.request("a/kinds", [null, undefined, ""]));
say(await node.client("a").kinds(undefined, undefined, null));
await node.stop();
end();

// trace
// ["undefined", "null", "number"]
// ["null", "undefined", "string"]
// ["undefined", "undefined", "null"]
// end
// exit 0
