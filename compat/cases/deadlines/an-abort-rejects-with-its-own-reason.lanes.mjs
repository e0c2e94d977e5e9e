import { Node } from "runar-ts";
import { deferred, end, lane, rejection, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
let told = deferred();
node.addService({
  name: "s",
  path: "s",
  actions: {
    never(ctx) {
      ctx.signal.addEventListener("abort", () => told.resolve(ctx.signal.aborted));
      return new Promise(() => undefined);
    },
    count: () => say("it ran, though nobody waits"),
  },
});
await node.start();
for (const reason of [new Error("changed my mind"), "enough", { of: "it" }, 0]) {
  told = deferred();
  const controller = new AbortController();
  const entered = node.request("s/never", [], { signal: controller.signal });
  await new Promise(setImmediate);
  controller.abort(reason);
  const rejected = await rejection(entered);
  say(rejected, "the very reason", rejected === reason);
  say("  the handler was told", await told.promise);
  const again = await rejection(node.request("s/count", [], { signal: controller.signal }));
  say("  an aborted signal lets nothing run", again === reason);
}
const controller = new AbortController();
const call = node.client("s").never.with({ signal: controller.signal })();
controller.abort();
const byDefault = await rejection(call);
say("without a reason", byDefault.name, byDefault === controller.signal.reason);
await node.stop();
end();

// trace
// Error: changed my mind the very reason true
//   the handler was told true
//   an aborted signal lets nothing run true
// enough the very reason true
//   the handler was told true
//   an aborted signal lets nothing run true
// {of: "it"} the very reason true
//   the handler was told true
//   an aborted signal lets nothing run true
// 0 the very reason true
//   the handler was told true
//   an aborted signal lets nothing run true
// without a reason AbortError true
// end
// exit 0
