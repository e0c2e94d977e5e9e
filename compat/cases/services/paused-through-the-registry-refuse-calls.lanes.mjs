import { Node } from "runar-ts";
import { end, lane, rejection, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
const service = (path) => ({ name: path, path, actions: { ping: () => `pong of ${path}` } });
node.addService(service("a"));
node.addService(service("b"));
await node.start();
say(await node.request("$registry/services/a/pause"));
say(await rejection(node.request("a/ping")));
say(await node.request("b/ping"));
say(await node.request("$registry/services/a/resume"));
say(await node.request("a/ping"));
await node.request("$registry/services/a/pause");
await node.stop();
await node.start();
say("after a restart:", await node.request("a/ping"));
await node.stop();
end();

// trace
// Paused
// LifecycleError ERR_RUNAR_SERVICE_NOT_RUNNING: a/ping: the service is paused (a retry can help)
// pong of b
// Running
// pong of a
// after a restart: pong of a
// end
// exit 0
