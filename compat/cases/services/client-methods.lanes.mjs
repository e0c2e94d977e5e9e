import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "math",
  path: "math",
  actions: {
    add: (a, b) => a + b,
    never: () => new Promise(() => {}),
  },
});
await node.start();
const math = node.client("math");
say("add", await math.add(2, 3));
say("with options", await math.add.with({ timeoutMs: 1000 })(4, 5));
say(await rejection(math.never.with({ timeoutMs: 10 })()));
say(await rejection(math.subtract(2, 1)));
say("is no promise", String(math.then));
await node.stop({ drainMs: 0 });
end();

// trace
// add 5
// with options 9
// TimeoutError ERR_RUNAR_TIMEOUT: math/never: no answer within 10 ms (a retry can help)
// NotFoundError ERR_RUNAR_NOT_FOUND: math/subtract: no service has this action
// is no promise undefined
// end
// exit 0
