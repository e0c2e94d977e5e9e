import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const never = () => new Promise(() => {});
for (const [config, options] of [
  [{ request_timeout_ms: 30 }, {}],
  [{ request_timeout_ms: 60_000 }, { requestTimeoutMs: 20 }],
]) {
  const node = new LaneNode(config, { ...options });
  node.addService({ name: "a", path: "a", actions: { never } });
  await node.start();
  say(await rejection(node.request("a/never")));
  await node.stop({ drainMs: 0 });
}
const node = new LaneNode({ request_timeout_ms: 60_000 });
node.addService({
  name: "a",
  path: "a",
  timeoutMs: 30,
  actions: { ofTheService: never, ofTheAction: { timeoutMs: 20, handler: never } },
});
await node.start();
say(await rejection(node.request("a/ofTheService")));
say(await rejection(node.request("a/ofTheAction")));
say(await rejection(node.request("a/ofTheAction", [], { timeoutMs: 10 })));
await node.stop({ drainMs: 0 });
end();

// trace
// TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 30 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 20 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: a/ofTheService: no answer within 30 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: a/ofTheAction: no answer within 20 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: a/ofTheAction: no answer within 10 ms (a retry can help)
// end
// exit 0
