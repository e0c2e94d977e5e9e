// not remote: the case makes no calls; the group network covers events between peers
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const one = node.once("a/*");
await node.publish("a/b", 1);
await node.publish("a/c", 2);
say(await one);
say(await rejection(node.once("never", { timeoutMs: 20 })));
const controller = new AbortController();
const aborted = rejection(node.once("never", { signal: controller.signal }));
controller.abort(new Error("changed my mind"));
say(await aborted);
await node.stop();
end();

// trace
// {topic: "a/b", value: 1}
// TimeoutError ERR_RUNAR_TIMEOUT: never: no answer within 20 ms (a retry can help)
// Error: changed my mind
// end
// exit 0
