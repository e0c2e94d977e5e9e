import { Node, TimeoutError } from "runar-ts";
import { deferred, end, lane, rejection, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
const reason = deferred();
node.addService({
  name: "s",
  path: "s",
  actions: {
    wait(ctx) {
      say("before", ctx.signal.aborted);
      ctx.signal.addEventListener("abort", () => reason.resolve(ctx.signal.reason));
      return new Promise(() => undefined);
    },
    ping: () => "pong",
  },
});
await node.start();
const error = await rejection(node.request("s/wait", undefined, { timeoutMs: 20 }));
say(error, error instanceof TimeoutError, error.details);
say("the handler's signal has the same reason", (await reason.promise) === error);
say("and the node goes on:", await node.request("s/ping"));
await node.stop();
end();

// trace
// before false
// TimeoutError ERR_RUNAR_TIMEOUT: s/wait: no answer within 20 ms (a retry can help) true {path: "s/wait", timeoutMs: 20}
// the handler's signal has the same reason true
// and the node goes on: pong
// end
// exit 0
