import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({}, { logger: ({ message }) => say("logged", message) });
process.on("exit", () => end());
node.logger.info("one");
node.logger.info("two");
process.exit(0);

// trace
// logged one
// logged two
// end
// exit 0
