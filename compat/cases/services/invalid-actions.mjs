import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const node = new Node({});
const handler = (a, ctx) => [a, ctx];
const schema = { "~standard": { version: 1, vendor: "case", validate: (value) => ({ value }) } };
for (const x of [
  null,
  (a = 1) => a,
  (a, b = 2) => a + b,
  (...all) => all,
  ({ a } = { a: 1 }) => a,
  (a, b = 1) => a + b,
  async (a, b = 1) => a + b,
  { handler, concurency: 1 },
  { handler: "no" },
  { handler, params: "a" },
  { handler, params: [1] },
  { handler, params: ["a", "a"] },
  { handler, params: ["a", "ctx"] },
  handler.bind(null),
  (what, call) => call.peer ?? what,
  ({ path, signal }) => [path, signal],
  { handler: (a, b) => [a, b], input: schema },
  { handler: (ctx) => ctx, input: schema },
  { handler: (a, b, ctx) => [a, b, ctx], params: ["a"] },
  { handler: (a = 1) => a },
  { handler: (a, b = 2) => [a, b] },
  { handler, input: {} },
  { handler, output: 5 },
  { handler, timeoutMs: -1 },
  { handler, concurrency: 0 },
  { handler, concurrency: 1.5 },
  { handler, concurrency: "4" },
  { handler, concurrency: -1 },
  { handler, queue: -1 },
  { handler, queue: Number.NaN },
  { handler, queue: null },
]) {
  say(thrown(() => node.addService({ name: "a", path: "a", actions: { x } })));
}
const limits = { concurrency: Number.POSITIVE_INFINITY, queue: 0 };
const print = { ...limits, handler: () => "printed" };
await node.addService({ name: "s", path: "s", actions: { print } });
await node.start();
say(await node.request("s/print"));
await node.stop();
end();

// trace
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: expected a function, or an object with a handler, got null
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: has default or rest parameters, so its arguments need names: declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: has default or rest parameters, so its arguments need names: declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: has default or rest parameters, so its arguments need names: declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: has default or rest parameters, so its arguments need names: declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: has default or rest parameters, so its arguments need names: declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: has default or rest parameters, so its arguments need names: declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.concurency: unknown key, did you mean concurrency?
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.handler: expected a function, got a string
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.params: expected an array of names, got a string
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.params: expected an array of names, got an array
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.params: names a twice
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.params: names the context, which no caller gives: leave it out
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: its parameters cannot be read from its source (it is bound, native or a class): declare params, and the context comes after these
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: it uses its last parameter call like a Context: name it ctx if it is the context, or declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: its last parameter { path, signal } may be an argument or the context: name it ctx if it is the context, or declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: with input its handler takes what the schema returns and the context, not 2 arguments
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: with input its handler takes what the schema returns before the context
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.params: has 1 names; the handler takes 2 and a context
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: has default or rest parameters, so its arguments need names: declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x: has default or rest parameters, so its arguments need names: declare params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.input: expected a Standard Schema (zod, valibot, arktype, …), got an object
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.output: expected a Standard Schema (zod, valibot, arktype, …), got a number
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.timeoutMs: expected a number of milliseconds above 0, got -1
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.concurrency: expected a whole number from 1 on, got 0
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.concurrency: expected a whole number from 1 on, got 1.5
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.concurrency: expected a whole number from 1 on, got a string
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.concurrency: expected a whole number from 1 on, got -1
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.queue: expected a whole number from 0 on, got -1
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.queue: expected a whole number from 0 on, got NaN
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.x.queue: expected a whole number from 0 on, got null
// printed
// end
// exit 0
