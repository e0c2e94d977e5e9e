import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
node.addService({
  name: "a",
  path: "a",
  actions: {
    value: () => 1,
    nothing: () => undefined,
    promise: () => Promise.resolve(2),
    async: async () => 3,
    timer: () => new Promise((resolve) => setTimeout(resolve, 1, 4)),
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
    thenable: () => ({ then: (resolve) => resolve(5) }),
    nested: async () => Promise.resolve(Promise.resolve(6)),
  },
});
await node.start();
for (const action of ["value", "nothing", "promise", "async", "timer", "thenable", "nested"]) {
  const call = node.request(`a/${action}`);
  say(action, call instanceof Promise, await call);
}
await node.stop();
end();

// trace
// value true 1
// nothing true undefined
// promise true 2
// async true 3
// timer true 4
// thenable true 5
// nested true 6
// end
// exit 0
