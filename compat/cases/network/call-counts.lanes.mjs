// not remote: the case has two nodes in every lane
import { end, rejection, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const actions = {
  "items/{id}": (ctx) => ctx.params.id,
  throws: () => {
    throw new Error("no");
  },
};
const prepare = (_, b) => b.addService({ name: "there", path: "there", actions });
const { here, there } = await pair(prepare, {}, { metrics: true });
for (const id of ["7", "8", "9"]) await here.request(`there/items/${id}`);
await rejection(here.request("there/throws"));
await there.request("there/items/7");
for (const [name, node] of Object.entries({ here, there })) {
  const { served, made } = node.metrics();
  for (const { path, caller, target, ended, failures, inFlight, durations } of [
    ...served,
    ...made,
  ]) {
    say(name, path, caller ?? target, ended, failures, inFlight, durations.count === ended);
  }
}
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// here there/items/{id} peer 3 {} 0 true
// here there/throws peer 1 {ERR_RUNAR_ACTION: 1} 0 true
// there there/items/{id} local 1 {} 0 true
// there there/items/{id} peer 3 {} 0 true
// there there/throws peer 1 {ERR_RUNAR_ACTION: 1} 0 true
// end
// exit 0
