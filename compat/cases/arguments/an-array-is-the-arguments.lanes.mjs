import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
const isContext = (value) => typeof value?.request === "function";
node.addService({
  name: "a",
  path: "a",
  actions: {
    two: (a, b) => [a, b],
    twoAndContext: (a, b, ctx) => [a, b, isContext(ctx)],
    one: (a) => (isContext(a) ? "context" : a),
    none: () => "none",
    five: (a, b, c, d, e) => [a, b, c, d, e],
    // However many are declared: the context comes last.
    last() {
      // biome-ignore lint/complexity/noArguments: a rest parameter would need names
      return Array.from(arguments, (value) => (isContext(value) ? "context" : value));
    },
  },
});
await node.start();
const ask = async (path, payload) => say(path, payload, await node.request(`a/${path}`, payload));
await ask("two", [1, 2]);
await ask("twoAndContext", [1, 2]);
await ask("one", ["x"]);
await ask("one", [[1, 2]]);
await ask("one", []);
await ask("none", []);
await ask("five", [1, 2, 3, 4, 5]);
await ask("last", []);
await node.stop();
end();

// trace
// two [1, 2] [1, 2]
// twoAndContext [1, 2] [1, 2, true]
// one ["x"] x
// one [[1, 2]] [1, 2]
// one [] context
// none [] none
// five [1, 2, 3, 4, 5] [1, 2, 3, 4, 5]
// last [] ["context"]
// end
// exit 0
