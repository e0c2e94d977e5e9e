import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "s",
  path: "s",
  actions: {
    one: {
      concurrency: 1,
      queue: 10,
      handler(how) {
        if (how === "throws") throw new Error("at once");
        return how === "rejects" ? Promise.reject(new Error("later")) : Promise.resolve(how);
      },
    },
  },
});
await node.start();
const calls = ["rejects", "throws", "rejects", "a", "throws", "b", "rejects", "c"];
const settled = await Promise.allSettled(calls.map((how) => node.request("s/one", [how])));
for (const [index, { value, reason }] of settled.entries()) {
  say(calls[index], value ?? reason);
}
say("a place is free", await node.request("s/one", ["again"]));
say("refused", (await rejection(node.request("s/one", ["rejects"]))).code);
await node.stop();
end();

// trace
// rejects ActionError ERR_RUNAR_ACTION: s/one: later
// throws ActionError ERR_RUNAR_ACTION: s/one: at once
// rejects ActionError ERR_RUNAR_ACTION: s/one: later
// a a
// throws ActionError ERR_RUNAR_ACTION: s/one: at once
// b b
// rejects ActionError ERR_RUNAR_ACTION: s/one: later
// c c
// a place is free again
// refused ERR_RUNAR_ACTION
// end
// exit 0
