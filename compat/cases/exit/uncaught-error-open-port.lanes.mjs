// not remote: an open port keeps the process alive
import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node(
  { network_config: {} },
  { localCalls: lane, logger: ({ message }) => say("logged", message) },
);
node.addService({ name: "a", path: "a", actions: { never: () => new Promise(() => undefined) } });
await node.start();
node.request("a/never").catch(() => undefined);
node.logger.info("last words");
process.on("exit", () => end("unknown"));
throw new Error("dies, whatever is under way");

// trace
// logged last words
// end
// exit 1
