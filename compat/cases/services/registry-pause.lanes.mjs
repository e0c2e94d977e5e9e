// not remote: the registry of a peer cannot be called
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
await node.request("$registry/services/a/pause");
say(await rejection(node.request("a/ping")));
await node.request("$registry/services/a/resume");
say(await node.request("a/ping"));
await node.stop();
end();

// trace
// LifecycleError ERR_RUNAR_SERVICE_NOT_RUNNING: a/ping: the service is paused (a retry can help)
// pong
// end
// exit 0
