import { Node } from "runar-ts";
import { end, lane, rejection, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
await node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
say(await rejection(node.request("a/ping")));
say(await rejection(node.request("b/nobody")));
const starting = node.start();
say(await rejection(node.request("b/nobody")));
await starting;
say(await node.request("a/ping"));
await node.stop();
say(await rejection(node.request("a/ping")));
say(await rejection(node.request("$registry/services/list")));
end();

// trace
// LifecycleError ERR_RUNAR_NOT_STARTED: a/ping: the node has not been started (a retry can help)
// LifecycleError ERR_RUNAR_NOT_STARTED: b/nobody: the node has not been started (a retry can help)
// LifecycleError ERR_RUNAR_NOT_STARTED: b/nobody: the node has not been started (a retry can help)
// pong
// LifecycleError ERR_RUNAR_STOPPED: a/ping: the node is stopped
// LifecycleError ERR_RUNAR_STOPPED: $registry/services/list: the node is stopped
// end
// exit 0
