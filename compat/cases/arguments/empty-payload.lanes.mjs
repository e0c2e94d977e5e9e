import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const isContext = (value) => typeof value?.request === "function";
node.addService({
  name: "a",
  path: "a",
  actions: {
    none: () => "none",
    context: (ctx) => isContext(ctx),
    two: (a, ctx) => [a, isContext(ctx)],
    three: (a, b, ctx) => [a, b, isContext(ctx)],
  },
});
await node.start();
for (const payload of [undefined, null]) {
  say(payload, await node.request("a/none", payload), await node.request("a/context", payload));
  say(payload, await node.request("a/two", payload));
  say(payload, await node.request("a/three", payload));
}
await node.stop();
end();

// trace
// undefined none true
// undefined [undefined, true]
// undefined [undefined, undefined, true]
// null none true
// null [null, true]
// null [undefined, undefined, true]
// end
// exit 0
