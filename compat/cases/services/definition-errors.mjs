import { Node } from "runar-ts";
import { describe, end, say, thrown } from "../../kit.mjs";

const node = new Node({});
const good = { name: "a", path: "a", actions: {} };
for (const definition of [
  undefined,
  [],
  { ...good, name: "" },
  { ...good, path: "a/b" },
  { ...good, path: "$registry" },
  { ...good, path: "a b" },
  { ...good, path: "*" },
  { ...good, acions: {} },
  { ...good, actions: { ping: "pong" } },
  { ...good, actions: { "a//b": () => 1 } },
  { ...good, actions: { ping: { handler: () => 1, timeoutMs: -1 } } },
  { ...good, actions: { ping: { handler: () => 1, params: ["a", "a"] } } },
  { ...good, actions: { ping: { handlr: () => 1 } } },
  { ...good, actions: { ping: { handler: () => 1, input: {} } } },
  { ...good, events: { "a b": () => 1 } },
  { ...good, init: 5 },
]) {
  say(describe(thrown(() => node.addService(definition))));
}
end();

// trace
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service: expected an object, got undefined
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service: expected an object, got an array
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.name: may not be empty
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.path: "a/b" is no path of a service: it needs letters, digits, _, - and . and may not begin with - or .
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.path: "$registry" is no path of a service: it needs letters, digits, _, - and . and may not begin with - or .
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.path: "a b" is no path of a service: it needs letters, digits, _, - and . and may not begin with - or .
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.path: "*" is no path of a service: it needs letters, digits, _, - and . and may not begin with - or .
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.acions: unknown key, did you mean actions?
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.ping: expected a function, or an object with a handler, got a string
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions["a//b"]: "a//b" is no name of an action: it needs letters, digits, _, - and . and may not begin with - or .
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.ping.timeoutMs: expected a number of milliseconds above 0, got -1
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.ping.params: names a twice
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.ping.handlr: unknown key, did you mean handler?
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.ping.input: expected a Standard Schema (zod, valibot, arktype, …), got an object
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.events["a b"]: has spaces or one of : { }
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.init: expected a function, got a number
// end
// exit 0
