import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { requestTimeoutMs: 25 });
await node.start();
say("by default", await rejection(node.once("a/b")));
say("its own", await rejection(node.once("a/*", { timeoutMs: 10 })));
const controller = new AbortController();
const waiting = node.once("a/b", { signal: controller.signal, timeoutMs: 60_000 });
controller.abort("no more");
say("aborted", await rejection(waiting));
say("aborted before", await rejection(node.once("a/b", { signal: controller.signal })));
say("a bad option", await rejection(node.once("a/b", { timeout: 5 })));
const heard = node.once("a/b", { timeoutMs: 60_000 });
await node.publish("a/b", 7);
say("in time", await heard);
await node.stop();
end();

// trace
// by default TimeoutError ERR_RUNAR_TIMEOUT: a/b: no answer within 25 ms (a retry can help)
// its own TimeoutError ERR_RUNAR_TIMEOUT: a/*: no answer within 10 ms (a retry can help)
// aborted no more
// aborted before no more
// a bad option InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeout: unknown key, did you mean timeoutMs?
// in time {topic: "a/b", value: 7}
// end
// exit 0
