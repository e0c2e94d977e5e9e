import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

for (const [config, options] of [
  [{ request_timeout_ms: 30 }, {}],
  [{ request_timeout_ms: 60_000 }, { requestTimeoutMs: 20 }],
]) {
  const node = new LaneNode(config, { ...options });
  node.addService({ name: "a", path: "a", actions: { never: () => new Promise(() => {}) } });
  await node.start();
  const error = await rejection(node.request("a/never"));
  say(error);
  await node.stop({ drainMs: 0 });
}
end();

// trace
// TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 30 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 20 ms (a retry can help)
// end
// exit 0
