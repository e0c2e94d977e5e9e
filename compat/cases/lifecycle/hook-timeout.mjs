import { Node } from "runar-ts";
import { deferred, end, rejection, say } from "../../kit.mjs";

const aborted = deferred();
const node = new Node({}, { requestTimeoutMs: 30 });
node.addService({
  name: "a",
  path: "a",
  actions: {},
  start(ctx) {
    ctx.signal.addEventListener("abort", () => aborted.resolve(ctx.signal.reason));
    return new Promise(() => undefined);
  },
});
const error = await rejection(node.start());
say(error);
say("cause", error.cause);
say("ctx.signal got it:", (await aborted.promise) === error.cause);
say(node.state);
end();

// trace
// LifecycleError ERR_RUNAR_START_FAILED: a: the start hook failed: a.start(): no answer within 30 ms
// cause TimeoutError ERR_RUNAR_TIMEOUT: a.start(): no answer within 30 ms (a retry can help)
// ctx.signal got it: true
// stopped
// end
// exit 0
