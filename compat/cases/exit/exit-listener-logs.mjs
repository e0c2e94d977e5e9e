import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({}, { logger: ({ message }) => say("logged", message) });
process.on("exit", () => {
  node.logger.info("goodbye");
  node.logger.child({ n: 1 }).warn("and good night");
  end();
});
node.logger.info("before");
process.exitCode = 0;

// trace
// logged before
// logged goodbye
// logged and good night
// end
// exit 0
