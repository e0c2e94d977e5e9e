import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "s",
  path: "s",
  actions: { never: () => new Promise(() => undefined), ping: () => "pong" },
});
await node.start();
const signal = AbortSignal.timeout(20);
const reason = await rejection(node.request("s/never", [], { signal }));
say(reason.name, "the signal's own reason", reason === signal.reason);
const already = AbortSignal.abort(new Error("before it began"));
say(await rejection(node.request("s/ping", [], { signal: already })));
say(await node.request("s/ping", [], { signal: AbortSignal.timeout(60_000) }));
await node.stop();
end();

// trace
// TimeoutError the signal's own reason true
// Error: before it began
// pong
// end
// exit 0
