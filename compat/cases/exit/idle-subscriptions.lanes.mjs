// not remote: an open port keeps the process alive
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
node.on("a", () => undefined);
const events = node.events("b/>");
events.next().then(() => say("never printed"));
say("listening");
process.on("exit", () => end({ running: 1 }));

// trace
// listening
// end
// exit 0
