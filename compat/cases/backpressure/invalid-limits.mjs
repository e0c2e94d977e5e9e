import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const node = new Node({});
const add = (limits) =>
  node.addService({
    name: "s",
    path: "s",
    actions: { print: { ...limits, handler: () => "printed" } },
  });
for (const limits of [
  { concurrency: 0 },
  { concurrency: 1.5 },
  { concurrency: "4" },
  { concurrency: -1 },
  { queue: -1 },
  { queue: Number.NaN },
  { queue: null },
  { concurency: 4 },
]) {
  say(thrown(() => add(limits)));
}
await add({ concurrency: Number.POSITIVE_INFINITY, queue: 0 });
await node.start();
say(await node.request("s/print"));
await node.stop();
end();

// trace
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.print.concurrency: expected a whole number from 1 on, got 0
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.print.concurrency: expected a whole number from 1 on, got 1.5
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.print.concurrency: expected a whole number from 1 on, got a string
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.print.concurrency: expected a whole number from 1 on, got -1
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.print.queue: expected a whole number from 0 on, got -1
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.print.queue: expected a whole number from 0 on, got NaN
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.print.queue: expected a whole number from 0 on, got null
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.print.concurency: unknown key, did you mean concurrency?
// printed
// end
// exit 0
