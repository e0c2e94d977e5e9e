import { defineAction } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

// A Standard Schema by hand, as zod, valibot and arktype make them: https://standardschema.dev
const schema = (validate) => ({ "~standard": { version: 1, vendor: "case", validate } });
const text = schema((value) =>
  typeof value === "string"
    ? { value: value.toLowerCase() }
    : { issues: [{ message: "no text", path: ["deep", 0, { key: "er" }] }, { message: "at all" }] },
);
const pair = schema(async (value) => {
  await null;
  return value === "bad" ? { issues: [{ message: "is bad" }] } : { value: [value, value] };
});
const number = schema((value) =>
  typeof value === "number" ? { value: value * 10 } : { issues: [{ message: "no number" }] },
);
const exclaimed = schema(async (value) => ({ value: `${value}!` }));
const trimmed = schema((value) =>
  typeof value === "string"
    ? { value: value.trim() }
    : { issues: [{ message: "expected text", path: ["name", 0] }] },
);
const short = schema(async (value) =>
  value.length < 10 ? { value } : { issues: [{ message: "too long" }] },
);
const node = new LaneNode();
let ran = 0;
node.addService({
  name: "a",
  path: "a",
  actions: {
    lower: defineAction({ input: text, handler: (value, ctx) => [value, ctx.path, ++ran] }),
    twice: { input: pair, handler: ([a, b]) => `${a}${b}` },
    sync: { output: number, handler: (value) => value },
    async: { output: number, handler: async (value) => value },
    later: { output: exclaimed, handler: (value) => value },
    hello: { input: trimmed, output: short, handler: (name) => `hi ${name}` },
  },
});
await node.start();
say("input");
say(await node.request("a/lower", "ABC"));
say(await node.client("a").lower("DEF"));
say(await node.request("a/twice", "x"));
const refused = await rejection(node.request("a/lower", 5));
say(refused);
say(refused.details);
say(await rejection(node.request("a/twice", "bad")));
say("handlers that ran:", ran);
say("output");
say(await node.request("a/sync", 1), await node.request("a/async", 2));
say(await node.request("a/later", "x"));
for (const action of ["sync", "async"]) {
  const error = await rejection(node.request(`a/${action}`, "x"));
  say(error);
  say(error.details);
}
say("both");
say(await node.request("a/hello", "  you "));
const both = await rejection(node.request("a/hello", 5));
say(both);
say(both.details);
say(await rejection(node.request("a/hello", "a name that is long")));
say(await node.client("a").hello("me"));
await node.stop();
end();

// trace
// input
// ["abc", "a/lower", 1]
// ["def", "a/lower", 2]
// xx
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/lower: payload.deep[0].er: no text; payload: at all
// {issues: [{message: "no text", path: "payload.deep[0].er"}, {message: "at all", path: "payload"}], path: "a/lower"}
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/twice: payload: is bad
// handlers that ran: 2
// output
// 10 20
// x!
// ActionError ERR_RUNAR_INVALID_RESULT: a/sync: result: no number
// {issues: [{message: "no number", path: "result"}], path: "a/sync"}
// ActionError ERR_RUNAR_INVALID_RESULT: a/async: result: no number
// {issues: [{message: "no number", path: "result"}], path: "a/async"}
// both
// hi you
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/hello: payload.name[0]: expected text
// {issues: [{message: "expected text", path: "payload.name[0]"}], path: "a/hello"}
// ActionError ERR_RUNAR_INVALID_RESULT: a/hello: result: too long
// hi me
// end
// exit 0
