// not remote: the case makes no calls; the group network covers events between peers
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { requestTimeoutMs: 40 });
await node.start();
const waiting = node.once("a/*");
await node.publish("a/b", 1);
await node.publish("a/b", 2);
say(await waiting);
say(await rejection(node.once("a/b", { timeoutMs: 15 })));
say("by default that of the node:", await rejection(node.once("a/b")));
const controller = new AbortController();
const aborted = node.once("a/b", { signal: controller.signal });
controller.abort(new Error("enough"));
say(await rejection(aborted));
say("aborted before:", await rejection(node.once("a/b", { signal: controller.signal })));
say(await rejection(node.once("a//b")));
say(await rejection(node.once("a/b", { timeout: 1 })));
const ending = rejection(node.once("a/b", { timeoutMs: 60_000 }));
await node.stop({ drainMs: 0 });
say(await ending);
end();

// trace
// {topic: "a/b", value: 1}
// TimeoutError ERR_RUNAR_TIMEOUT: a/b: no answer within 15 ms (a retry can help)
// by default that of the node: TimeoutError ERR_RUNAR_TIMEOUT: a/b: no answer within 40 ms (a retry can help)
// Error: enough
// aborted before: Error: enough
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a//b": has an empty part
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeout: unknown key, did you mean timeoutMs?
// LifecycleError ERR_RUNAR_STOPPED: The node has stopped
// end
// exit 0
