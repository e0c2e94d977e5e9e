import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "math",
  path: "math",
  actions: {
    add: (a, b) => a + b,
    "deep/er": (a) => a,
    never: () => new Promise(() => undefined),
    name: () => "an action called name",
  },
});
const math = node.client("math");
await node.start();
say(await math.add(2, 3), await math["deep/er"]("x"), await math.name());
const { add } = math;
say("the same method each time:", add === math.add);
say("taken off its client:", await add(20, 22));
say("with options:", await math.add.with({ timeoutMs: 1_000 })(1, 1));
say((await rejection(math.never.with({ timeoutMs: 15 })())).message);
const controller = new AbortController();
const call = math.never.with({ signal: controller.signal })();
controller.abort("enough");
say(await rejection(call));
say((await rejection(math.nope())).message);
say((await rejection(node.client("nobody").add(1, 2))).message);
say(await rejection(math.never.with({ timeoutMs: 10 })()));
say(await rejection(math.subtract(2, 1)));
say("is no promise:", String(math.then));
await node.stop({ drainMs: 0 });
end();

// trace
// 5 x an action called name
// the same method each time: true
// taken off its client: 42
// with options: 2
// math/never: no answer within 15 ms
// enough
// math/nope: no service has this action
// nobody/add: no service has this action
// TimeoutError ERR_RUNAR_TIMEOUT: math/never: no answer within 10 ms (a retry can help)
// NotFoundError ERR_RUNAR_NOT_FOUND: math/subtract: no service has this action
// is no promise: undefined
// end
// exit 0
