import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

process.on("exit", () => end("unknown"));
const other = new Node({});
await other.start();
other.stop();
new Node({}).start();
say("leaving in the middle");
process.exit(0);

// trace
// leaving in the middle
// end
// exit 0
