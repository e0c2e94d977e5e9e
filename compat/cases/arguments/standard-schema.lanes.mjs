import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

// The interface that zod, valibot and arktype share: https://standardschema.dev
const schema = (validate) => ({ "~standard": { version: 1, vendor: "case", validate } });
const trimmed = schema((value) =>
  typeof value === "string"
    ? { value: value.trim() }
    : { issues: [{ message: "expected text", path: ["name", 0] }] },
);
const short = schema(async (value) =>
  value.length < 10 ? { value } : { issues: [{ message: "too long" }] },
);
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: { hello: { input: trimmed, output: short, handler: (name) => `hi ${name}` } },
});
await node.start();
say(await node.request("a/hello", "  you "));
const refused = await rejection(node.request("a/hello", 5));
say(refused);
say(refused.details);
say(await rejection(node.request("a/hello", "a name that is long")));
say(await node.client("a").hello("me"));
await node.stop();
end();

// trace
// hi you
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/hello: payload.name[0]: expected text
// {issues: [{message: "expected text", path: "payload.name[0]"}], path: "a/hello"}
// ActionError ERR_RUNAR_INVALID_RESULT: a/hello: result: too long
// hi me
// end
// exit 0
