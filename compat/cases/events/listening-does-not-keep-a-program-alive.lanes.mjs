import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
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
