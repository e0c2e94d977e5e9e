// not remote: a peer creates its own error object from the answer
import { ActionError, RunarError } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const thrown = new RangeError("out of paper");
node.addService({
  name: "a",
  path: "a",
  actions: {
    now: () => {
      throw thrown;
    },
    later: async () => {
      throw thrown;
    },
  },
});
await node.start();
for (const path of ["a/now", "a/later"]) {
  const error = await rejection(node.request(path));
  say(error);
  say(
    "same object",
    error.cause === thrown,
    error instanceof ActionError,
    error instanceof RunarError,
  );
  say(error.details);
}
await node.stop();
end();

// trace
// ActionError ERR_RUNAR_ACTION: a/now: out of paper
// same object true true true
// {path: "a/now"}
// ActionError ERR_RUNAR_ACTION: a/later: out of paper
// same object true true true
// {path: "a/later"}
// end
// exit 0
