import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
class Calculator {
  twice(a) {
    return a * 2;
  }
}
function plain(a, b) {
  return a + b;
}
node.addService({
  name: "a",
  path: "a",
  actions: {
    plain,
    bound: { params: ["b"], handler: plain.bind(null, 10) },
    bare: (a) => a,
    // biome-ignore format: parentheses around a parameter are what this is about
    unparenthesised: a => a,
    method(a /* = 1 */, b) {
      const inner = (c = 1) => c;
      return a + b + inner();
    },
    prototype: new Calculator().twice,
    async: async (a) => a,
    pattern: ({ a = 1, b: [c = 2] = [] }, ctx) => [a, c, ctx.path],
    "quoted-name": function named(a) {
      return a;
    },
    native: { params: ["x"], handler: Math.abs },
  },
});
await node.start();
const ask = async (action, payload) => say(action, await node.request(`a/${action}`, payload));
await ask("plain", [1, 2]);
await ask("bound", [5]);
await ask("bare", ["x"]);
await ask("unparenthesised", ["x"]);
await ask("method", [1, 2]);
await ask("prototype", [21]);
await ask("async", ["x"]);
await ask("pattern", [{}]);
await ask("quoted-name", ["x"]);
await ask("native", [-3]);
await node.stop();
end();

// trace
// plain 3
// bound 15
// bare x
// unparenthesised x
// method 4
// prototype 42
// async x
// pattern [1, 2, "a/pattern"]
// quoted-name x
// native 3
// end
// exit 0
