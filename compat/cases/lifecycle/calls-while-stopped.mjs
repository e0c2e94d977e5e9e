import { Node } from "runar-ts";
import { describe, end, rejection, say } from "../../kit.mjs";

const node = new Node({});
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
say(describe(await rejection(node.request("a/ping"))));
say(describe(await rejection(node.publish("a/happened", 1))));
await node.start();
await node.stop();
say(describe(await rejection(node.request("a/ping"))));
say(describe(await rejection(node.publish("a/happened", 1))));
end();

// trace
// LifecycleError ERR_RUNAR_NOT_STARTED: a/ping: the node has not been started (a retry can help)
// LifecycleError ERR_RUNAR_NOT_STARTED: a/happened: the node has not been started (a retry can help)
// LifecycleError ERR_RUNAR_STOPPED: a/ping: the node is stopped
// LifecycleError ERR_RUNAR_STOPPED: a/happened: the node is stopped
// end
// exit 0
