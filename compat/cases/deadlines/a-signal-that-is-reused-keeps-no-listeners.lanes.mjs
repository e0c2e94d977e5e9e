import { Node } from "runar-ts";
import { end, lane, rejection, say } from "../../kit.mjs";

const { signal } = new AbortController();
let listeners = 0;
for (const [method, step] of [
  ["addEventListener", 1],
  ["removeEventListener", -1],
]) {
  const original = signal[method];
  signal[method] = function count(...args) {
    listeners += step;
    return original.apply(this, args);
  };
}
const node = new Node({}, { localCalls: lane });
node.addService({
  name: "s",
  path: "s",
  actions: {
    quick: () => 1,
    later: async () => 2,
    fails: async () => {
      throw new Error("no");
    },
    never: () => new Promise(() => undefined),
  },
});
await node.start();
for (let round = 0; round < 20; round++) {
  await node.request("s/quick", [], { signal });
  await node.request("s/later", [], { signal });
  await rejection(node.request("s/fails", [], { signal }));
}
await rejection(node.request("s/never", [], { signal, timeoutMs: 10 }));
say("listeners", listeners);
await node.stop();
end();

// trace
// listeners 0
// end
// exit 0
