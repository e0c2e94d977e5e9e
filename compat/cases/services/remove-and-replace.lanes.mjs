import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const service = (answer, more = {}) => ({
  name: "a",
  path: "a",
  actions: { ping: () => answer, ...more },
  stop: () => say("stop hook of", answer),
});
node.addService(service("first"));
await node.start();
say(await node.request("a/ping"));
await node.removeService("a");
say(await rejection(node.request("a/ping")));
say(await rejection(node.removeService("a")));
await node.addService(service("second", { extra: () => "more" }));
say(await node.request("a/ping"), await node.request("a/extra"));
await node.removeService("a");
await node.addService(service("third"));
say(await node.request("a/ping"), (await rejection(node.request("a/extra"))).code);
await node.stop();
await node.start();
say("after a restart:", await node.request("a/ping"));
await node.stop();
end();

// trace
// first
// stop hook of first
// NotFoundError ERR_RUNAR_NOT_FOUND: a/ping: no service has this action
// NotFoundError ERR_RUNAR_NOT_FOUND: The node has no service with the path a
// second more
// stop hook of second
// third ERR_RUNAR_NOT_FOUND
// stop hook of third
// after a restart: third
// stop hook of third
// end
// exit 0
