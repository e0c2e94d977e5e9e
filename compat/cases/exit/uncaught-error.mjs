import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({}, { logger: ({ message }) => say("logged", message) });
await node.start();
node.logger.info("last words");
process.on("exit", () => end({ running: 1 }));
setTimeout(() => {
  throw new Error("dies");
}, 1);

// trace
// logged last words
// end
// exit 1
