// The events of a service may have schemas: a refused value is logged, and does not reach the handler.
import { defineEvent } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const schema = (validate) => ({ "~standard": { version: 1, vendor: "compat", validate } });
const number = (value) =>
  typeof value === "number"
    ? { value: value * 2 }
    : { issues: [{ message: "expected a number", path: ["count"] }] };
const failures = [];
const logger = ({ level, message, event }) => {
  if (level === "error") failures.push(`${event} ${message}`);
};
const node = new LaneNode({}, { logger });
const handler = ({ topic, value }, ctx) => say(topic, value, ctx.path);
node.addService({
  name: "a",
  path: "a",
  actions: {},
  events: {
    sync: defineEvent({ input: schema(number), handler }),
    "async/*": { input: schema(async (value) => number(value)), handler },
    plain: { handler },
  },
});
await node.start();
for (const topic of ["sync", "async/1", "plain"]) {
  await node.publish(topic, 2);
  await node.publish(topic, "two");
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await node.stop();
await node.closeLogs();
for (const failure of failures) say(failure);
for (const events of [
  { a: {} },
  { a: { input: 5, handler } },
  { a: { handler, inputs: 5 } },
  { a: null },
]) {
  say(thrown(() => node.addService({ name: "b", path: "b", actions: {}, events })));
}
end();

// trace
// sync 4 sync
// async/1 4 async/1
// plain 2 plain
// plain two plain
// sync a subscriber of sync failed: sync: value.count: expected a number
// async/* a subscriber of async/1 failed: async/1: value.count: expected a number
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.events["a"].handler: expected a function, got undefined
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.events["a"].input: expected a Standard Schema (zod, valibot, arktype, …), got a number
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.events["a"].inputs: unknown key, did you mean input?
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.events["a"]: expected a function, got null
// end
// exit 0
