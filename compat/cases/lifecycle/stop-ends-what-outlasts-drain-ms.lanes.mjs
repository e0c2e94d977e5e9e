import { Node } from "runar-ts";
import { deferred, end, lane, rejection, say } from "../../kit.mjs";

for (const drainMs of [20, 0]) {
  const [entered, aborted] = [deferred(), deferred()];
  const node = new Node({}, { localCalls: lane });
  node.addService({
    name: "a",
    path: "a",
    actions: {
      hang(ctx) {
        ctx.signal.addEventListener("abort", () => aborted.resolve(ctx.signal.reason));
        entered.resolve();
        return new Promise(() => undefined);
      },
    },
  });
  await node.start();
  const hanging = rejection(node.request("a/hang"));
  await entered.promise;
  await node.stop({ drainMs });
  const error = await hanging;
  say("drainMs", drainMs, error);
  say("ctx.signal got it:", (await aborted.promise) === error, node.state);
}
end();

// trace
// drainMs 20 LifecycleError ERR_RUNAR_STOPPED: The node has stopped
// ctx.signal got it: true stopped
// drainMs 0 LifecycleError ERR_RUNAR_STOPPED: The node has stopped
// ctx.signal got it: true stopped
// end
// exit 0
