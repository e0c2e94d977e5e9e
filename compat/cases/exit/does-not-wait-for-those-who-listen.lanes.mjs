import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
await node.start();
node.on("a", () => undefined);
const events = node.events("b");
events.next().then(() => say("never printed"));
say("listening");
process.on("exit", () => end({ running: 1 }));

// trace
// listening
// end
// exit 0
