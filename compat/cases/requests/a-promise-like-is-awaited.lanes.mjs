import { Node } from "runar-ts";
import { end, lane, rejection, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
node.addService({
  name: "a",
  path: "a",
  actions: {
    good: () => ({ then: (resolve) => resolve("thenable") }),
    bad: () => ({ then: (_, reject) => reject(new Error("thrown by a thenable")) }),
  },
});
await node.start();
say(await node.request("a/good"));
say(await rejection(node.request("a/bad")));
await node.stop();
end();

// trace
// thenable
// ActionError ERR_RUNAR_ACTION: a/bad: thrown by a thenable
// end
// exit 0
