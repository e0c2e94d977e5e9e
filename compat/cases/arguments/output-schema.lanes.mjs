import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const schema = (validate) => ({ "~standard": { version: 1, vendor: "case", validate } });
const number = schema((value) =>
  typeof value === "number" ? { value: value * 10 } : { issues: [{ message: "no number" }] },
);
const later = schema(async (value) => ({ value: `${value}!` }));
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    sync: { output: number, handler: (value) => value },
    async: { output: number, handler: async (value) => value },
    later: { output: later, handler: (value) => value },
  },
});
await node.start();
say(await node.request("a/sync", 1), await node.request("a/async", 2));
say(await node.request("a/later", "x"));
for (const action of ["sync", "async"]) {
  const error = await rejection(node.request(`a/${action}`, "x"));
  say(error);
  say(error.details);
}
await node.stop();
end();

// trace
// 10 20
// x!
// ActionError ERR_RUNAR_INVALID_RESULT: a/sync: result: no number
// {issues: [{message: "no number", path: "result"}], path: "a/sync"}
// ActionError ERR_RUNAR_INVALID_RESULT: a/async: result: no number
// {issues: [{message: "no number", path: "result"}], path: "a/async"}
// end
// exit 0
