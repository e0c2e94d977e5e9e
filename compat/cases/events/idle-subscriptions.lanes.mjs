// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
node.on("a/b", () => say("never"));
const events = node.events("a/>");
events.next().then(() => say("never"));
process.on("exit", () => end({ running: 1 }));
say("nothing is left to do");

// trace
// nothing is left to do
// end
// exit 0
