// not remote: an open port keeps the process alive
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { never: () => new Promise(() => {}) } });
await node.start();
// Only this call keeps the process alive, until its deadline.
say(await rejection(node.request("a/never", [], { timeoutMs: 100 })));
await node.stop({ drainMs: 0 });
end();

// trace
// TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 100 ms (a retry can help)
// end
// exit 0
