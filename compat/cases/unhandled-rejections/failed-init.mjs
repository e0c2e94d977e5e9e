import { Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

process.on("unhandledRejection", (error) => say("unhandled", error));
const node = new Node({});
// Not awaited, as the documentation allows.
node.addService({
  name: "a",
  path: "a",
  actions: {},
  init: async () => {
    throw new Error("no disk");
  },
});
await new Promise((resolve) => setTimeout(resolve, 20));
say(await rejection(node.start()));
end();

// trace
// LifecycleError ERR_RUNAR_INIT_FAILED: a: the init hook failed: no disk
// end
// exit 0
