import { deferred, end, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const names = ["a", "b", "c"];
const gates = new Map(names.map((name) => [name, deferred()]));
const { here, there } = await pair((_, b) =>
  b.addService({
    name: "s",
    path: "s",
    actions: { wait: (name) => gates.get(name).promise, fast: (n) => n },
  }),
);
const calls = new Map(names.map((name) => [name, here.request("s/wait", [name])]));
for (let n = 0; n < 20; n++) if ((await here.request("s/fast", [n])) !== n) say("wrong", n);
say("twenty are answered while three wait");
for (const name of ["b", "c", "a"]) {
  gates.get(name).resolve(`${name} is answered`);
  say(await calls.get(name));
}
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// twenty are answered while three wait
// b is answered
// c is answered
// a is answered
// end
// exit 0
