import { defineAction } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

// A Standard Schema by hand, as zod, valibot and arktype make them.
const schema = (validate) => ({ "~standard": { version: 1, vendor: "case", validate } });
const text = schema((value) =>
  typeof value === "string"
    ? { value: value.toLowerCase() }
    : { issues: [{ message: "no text", path: ["deep", 0, { key: "er" }] }, { message: "at all" }] },
);
const later = schema(async (value) => {
  await null;
  return value === "bad" ? { issues: [{ message: "is bad" }] } : { value: [value, value] };
});
const node = new LaneNode();
let ran = 0;
node.addService({
  name: "a",
  path: "a",
  actions: {
    lower: defineAction({ input: text, handler: (value, ctx) => [value, ctx.path, ++ran] }),
    twice: { input: later, handler: ([a, b]) => `${a}${b}` },
  },
});
await node.start();
say(await node.request("a/lower", "ABC"));
say(await node.client("a").lower("DEF"));
say(await node.request("a/twice", "x"));
const error = await rejection(node.request("a/lower", 5));
say(error);
say(error.details);
say(await rejection(node.request("a/twice", "bad")));
say("handlers that ran:", ran);
await node.stop();
end();

// trace
// ["abc", "a/lower", 1]
// ["def", "a/lower", 2]
// xx
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/lower: payload.deep[0].er: no text; payload: at all
// {issues: [{message: "no text", path: "payload.deep[0].er"}, {message: "at all", path: "payload"}], path: "a/lower"}
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/twice: payload: is bad
// handlers that ran: 2
// end
// exit 0
