import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const node = new Node({});
const service = { name: "a", path: "a", actions: {} };
const handler = () => 1;
for (const definition of [
  undefined,
  "a",
  [],
  { path: "a", actions: {} },
  { name: "a", path: "a" },
  { ...service, action: {} },
  { ...service, acions: {} },
  { ...service, name: "" },
  { ...service, name: "n".repeat(129) },
  { ...service, path: 5 },
  { ...service, path: "a/b" },
  { ...service, path: "$registry" },
  { ...service, path: "a b" },
  { ...service, path: "*" },
  { ...service, version: 1 },
  { ...service, description: null },
  { ...service, actions: [] },
  { ...service, actions: { a: 1 } },
  { ...service, actions: { ping: "pong" } },
  { ...service, actions: { a: {} } },
  { ...service, actions: { "a//b": handler } },
  { ...service, actions: { "*": handler } },
  { ...service, actions: { ping: { handler, timeoutMs: -1 } } },
  { ...service, actions: { ping: { handler, params: ["a", "a"] } } },
  { ...service, actions: { ping: { handlr: handler } } },
  { ...service, actions: { ping: { handler, input: {} } } },
  { ...service, init: 1 },
  { ...service, timeoutMs: 0 },
  { ...service, events: { "a b": handler } },
  { ...service, events: { "a/b*": handler } },
  { ...service, events: { "a/b": 1 } },
]) {
  const error = thrown(() => node.addService(definition));
  say(error, error.details.path);
}
end();

// trace
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service: expected an object, got undefined service
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service: expected an object, got a string service
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service: expected an object, got an array service
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.name: expected a string, got undefined service.name
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions: expected an object, got undefined service.actions
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.action: unknown key, did you mean actions? service.action
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.acions: unknown key, did you mean actions? service.acions
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.name: may not be empty service.name
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.name: 129 characters; 128 at the most service.name
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.path: expected a string, got a number service.path
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.path: "a/b" is no path of a service: it needs letters, digits, _, - and . and may not begin with - or . service.path
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.path: "$registry" is no path of a service: it needs letters, digits, _, - and . and may not begin with - or . service.path
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.path: "a b" is no path of a service: it needs letters, digits, _, - and . and may not begin with - or . service.path
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.path: "*" is no path of a service: it needs letters, digits, _, - and . and may not begin with - or . service.path
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.version: expected a string, got a number service.version
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.description: expected a string, got null service.description
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions: expected an object, got an array service.actions
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.a: expected a function, or an object with a handler, got a number service.actions.a
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.ping: expected a function, or an object with a handler, got a string service.actions.ping
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.a.handler: expected a function, got undefined service.actions.a.handler
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions["a//b"]: "a//b" is no name of an action: it needs letters, digits, _, - and . and may not begin with - or . service.actions["a//b"]
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions["*"]: "*" is no name of an action: it needs letters, digits, _, - and . and may not begin with - or . service.actions["*"]
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.ping.timeoutMs: expected a number of milliseconds above 0, got -1 service.actions.ping.timeoutMs
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.ping.params: names a twice service.actions.ping.params
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.ping.handlr: unknown key, did you mean handler? service.actions.ping.handlr
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.ping.input: expected a Standard Schema (zod, valibot, arktype, …), got an object service.actions.ping.input
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.init: expected a function, got a number service.init
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.timeoutMs: expected a number of milliseconds above 0, got 0 service.timeoutMs
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.events["a b"]: has spaces or one of : { } service.events["a b"]
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.events["a/b*"]: * must be a part of its own, and > the last part service.events["a/b*"]
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.events["a/b"]: expected a function, got a number service.events["a/b"]
// end
// exit 0
