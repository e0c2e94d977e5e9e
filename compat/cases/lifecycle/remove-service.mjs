import { Node } from "runar-ts";
import { describe, end, rejection, say } from "../../kit.mjs";

const node = new Node({});
const service = (answer) => ({
  name: "a",
  path: "a",
  actions: { ping: () => answer },
  stop: () => say("stop"),
});
await node.start();
await node.addService(service("first"));
say(await node.request("a/ping"));
await node.removeService("a");
say(describe(await rejection(node.request("a/ping"))));
say(describe(await rejection(node.removeService("a"))));
await node.addService(service("second"));
say(await node.request("a/ping"));
await node.stop();
end();

// trace
// first
// stop
// NotFoundError ERR_RUNAR_NOT_FOUND: a/ping: no service has this action
// NotFoundError ERR_RUNAR_NOT_FOUND: The node has no service with the path a
// second
// stop
// end
// exit 0
