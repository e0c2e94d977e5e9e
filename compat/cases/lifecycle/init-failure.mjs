import { Node } from "runar-ts";
import { describe, end, rejection, say } from "../../kit.mjs";

const node = new Node({});
const added = node.addService({
  name: "a",
  path: "a",
  actions: {},
  init: () => {
    throw new TypeError("no disk");
  },
});
const told = await rejection(added);
say(describe(told));
say("cause", told.cause);
say(describe(await rejection(node.start())));
say(node.state);
end();

// trace
// LifecycleError ERR_RUNAR_INIT_FAILED: a: the init hook failed: no disk
// cause TypeError: no disk
// LifecycleError ERR_RUNAR_INIT_FAILED: a: the init hook failed: no disk
// stopped
// end
// exit 0
