import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { requestTimeoutMs: 40 });
await node.start();
const waiting = node.once("a/*");
await node.publish("a/b", 1);
await node.publish("a/b", 2);
say(await waiting);
say("the timeout of the call", await rejection(node.once("a/b", { timeoutMs: 15 })));
say("of a pattern", await rejection(node.once("a/*", { timeoutMs: 10 })));
say("the timeout of the node", await rejection(node.once("a/b")));
const controller = new AbortController();
const aborted = node.once("a/b", { signal: controller.signal, timeoutMs: 60_000 });
controller.abort(new Error("enough"));
say("aborted", await rejection(aborted));
say("aborted before", await rejection(node.once("a/b", { signal: controller.signal })));
const text = new AbortController();
const other = node.once("a/b", { signal: text.signal });
text.abort("no more");
say("aborted with a text", await rejection(other));
say("an invalid topic", await rejection(node.once("a//b")));
say("an unknown option", await rejection(node.once("a/b", { timeout: 1 })));
const inTime = node.once("a/b", { timeoutMs: 60_000 });
await node.publish("a/b", 7);
say("in time", await inTime);
const ending = rejection(node.once("a/b", { timeoutMs: 60_000 }));
await node.stop({ drainMs: 0 });
say("ended by the stop", await ending);
end();

// trace
// {topic: "a/b", value: 1}
// the timeout of the call TimeoutError ERR_RUNAR_TIMEOUT: a/b: no answer within 15 ms (a retry can help)
// of a pattern TimeoutError ERR_RUNAR_TIMEOUT: a/*: no answer within 10 ms (a retry can help)
// the timeout of the node TimeoutError ERR_RUNAR_TIMEOUT: a/b: no answer within 40 ms (a retry can help)
// aborted Error: enough
// aborted before Error: enough
// aborted with a text no more
// an invalid topic InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a//b": has an empty part
// an unknown option InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeout: unknown key, did you mean timeoutMs?
// in time {topic: "a/b", value: 7}
// ended by the stop LifecycleError ERR_RUNAR_STOPPED: The node has stopped
// end
// exit 0
