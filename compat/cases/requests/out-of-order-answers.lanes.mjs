import { deferred, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const gates = new Map(["a", "b", "c"].map((name) => [name, deferred()]));
const entered = new Map(["a", "b", "c"].map((name) => [name, deferred()]));
const node = new LaneNode();
node.addService({
  name: "s",
  path: "s",
  actions: {
    async wait(name) {
      say("entered", name);
      entered.get(name).resolve();
      await gates.get(name).promise;
      return name;
    },
  },
});
await node.start();
const calls = new Map();
for (const name of gates.keys()) {
  calls.set(name, node.request("s/wait", [name]));
  await entered.get(name).promise;
}
for (const name of ["b", "c", "a"]) {
  gates.get(name).resolve();
  say("answered", await calls.get(name));
}
await node.stop();
end();

// trace
// entered a
// entered b
// entered c
// answered b
// answered c
// answered a
// end
// exit 0
