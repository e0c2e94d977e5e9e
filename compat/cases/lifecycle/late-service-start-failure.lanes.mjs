import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const service = (start) => ({ name: "a", path: "a", actions: { ping: () => "pong" }, start });
const adding = node.addService(
  service(() => {
    throw new Error("no");
  }),
);
say(await rejection(adding));
say(await rejection(node.request("a/ping")));
await node.addService(service(() => undefined));
say("with one that can:", await node.request("a/ping"));
await node.stop();
end();

// trace
// LifecycleError ERR_RUNAR_START_FAILED: a: the start hook failed: no
// NotFoundError ERR_RUNAR_NOT_FOUND: a/ping: no service has this action
// with one that can: pong
// end
// exit 0
