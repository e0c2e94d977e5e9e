import { deferred, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const names = ["a", "b", "c"];
const gates = new Map(names.map((name) => [name, deferred()]));
const entered = new Map(names.map((name) => [name, deferred()]));
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
    fast: (n) => n,
  },
});
await node.start();
const calls = new Map();
for (const name of names) {
  calls.set(name, node.request("s/wait", [name]));
  await entered.get(name).promise;
}
for (let n = 0; n < 20; n++) if ((await node.request("s/fast", [n])) !== n) say("wrong", n);
say("twenty are answered while three wait");
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
// twenty are answered while three wait
// answered b
// answered c
// answered a
// end
// exit 0
