import { Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

process.on("unhandledRejection", (reason) => say("unhandled", reason));
const node = new Node({});
node.addService({ name: "a", path: "a", actions: {}, init: () => Promise.reject("no") });
say(await rejection(node.start()));
await new Promise((resolve) => setImmediate(resolve));
say(node.state);
end();

// trace
// LifecycleError ERR_RUNAR_INIT_FAILED: a: the init hook failed: no
// stopped
// end
// exit 0
