import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
node.addService({
  name: "a",
  path: "a",
  actions: {
    leave: () => {
      say("leaving");
      process.exit(0);
    },
  },
});
await node.start();
process.on("exit", () => end("unknown"));
await node.request("a/leave");
say("never printed");

// trace
// leaving
// end
// exit 0
