import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const schema = (validate) => ({ "~standard": { version: 1, vendor: "case", validate } });
const throws = schema(() => {
  throw new TypeError("broken schema");
});
const rejects = schema(async () => {
  throw new TypeError("broken later");
});
const node = new LaneNode();
const handler = () => "ran";
node.addService({
  name: "a",
  path: "a",
  actions: {
    input: { input: throws, handler },
    inputLater: { input: rejects, handler },
    output: { output: throws, handler },
    outputLater: { output: rejects, handler },
    fine: handler,
  },
});
await node.start();
for (const action of ["input", "inputLater", "output", "outputLater"]) {
  const error = await rejection(node.request(`a/${action}`, {}));
  say(error, "cause:", error.cause?.name);
}
say(await node.request("a/fine"));
await node.stop();
end();

// trace
// ActionError ERR_RUNAR_ACTION: a/input: broken schema cause: TypeError
// ActionError ERR_RUNAR_ACTION: a/inputLater: broken later cause: TypeError
// ActionError ERR_RUNAR_ACTION: a/output: broken schema cause: TypeError
// ActionError ERR_RUNAR_ACTION: a/outputLater: broken later cause: TypeError
// ran
// end
// exit 0
