import { Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

const node = new Node({});
const cause = new TypeError("no database");
const added = node.addService({
  name: "a",
  path: "a",
  actions: {},
  init: () => {
    throw cause;
  },
});
const error = await rejection(added);
say(error, "because of", error.cause);
say("cause is what was thrown:", error.cause === cause, "details:", error.details);
say(await rejection(node.start()), node.state);
await node.removeService("a");
await node.start();
say("without it:", node.state);
const late = await rejection(
  node.addService({ name: "b", path: "b", actions: {}, init: () => Promise.reject(cause) }),
);
say(late);
say("it is gone:", (await rejection(node.removeService("b"))).code);
await node.stop();
end();

// trace
// LifecycleError ERR_RUNAR_INIT_FAILED: a: the init hook failed: no database because of TypeError: no database
// cause is what was thrown: true details: {hook: "init", service: "a"}
// LifecycleError ERR_RUNAR_INIT_FAILED: a: the init hook failed: no database stopped
// without it: running
// LifecycleError ERR_RUNAR_INIT_FAILED: b: the init hook failed: no database
// it is gone: ERR_RUNAR_NOT_FOUND
// end
// exit 0
