import { Node } from "runar-ts";
import { deferred, end, rejection, say, thrown } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const entered = deferred();
const node = new LaneNode();
node.addService({
  name: "s",
  path: "s",
  actions: {
    never: () => new Promise(() => undefined),
    one: {
      concurrency: 1,
      queue: 0,
      handler: () => {
        entered.resolve();
        return new Promise(() => undefined);
      },
    },
  },
});
await node.start();
const about = (error) => say(error.code, error.details);
about(thrown(() => new Node({ network_config: { discovery: [] } })));
about(thrown(() => new Node({}, { retries: 2 })));
about(thrown(() => node.addService({ name: "t", path: "t", actions: { a: 1 } })));
about(thrown(() => node.addService({ name: "s", path: "s", actions: {} })));
about(await rejection(node.request("s/nothing")));
about(await rejection(node.request("s/never", [], { timeoutMs: 15 })));
about(await rejection(node.request("s/never", [], { timeoutMs: -1 })));
about(await rejection(node.request("s/never", [1, 2, 3])));
const running = rejection(node.request("s/one", [], { timeoutMs: 1_000 }));
await entered.promise;
about(await rejection(node.request("s/one")));
about(await running);
about(await rejection(node.removeService("t")));
about(await rejection(node.publish("a/>")));
await node.stop();
about(await rejection(node.request("s/never")));
end();

// trace
// ERR_RUNAR_CONFIG {path: "config.network_config.discovery"}
// ERR_RUNAR_INVALID_ARGUMENT {path: "options.retries"}
// ERR_RUNAR_SERVICE_DEFINITION {path: "service.actions.a"}
// ERR_RUNAR_DUPLICATE_SERVICE {path: "s"}
// ERR_RUNAR_NOT_FOUND {path: "s/nothing"}
// ERR_RUNAR_TIMEOUT {path: "s/never", timeoutMs: 15}
// ERR_RUNAR_INVALID_ARGUMENT {path: "options.timeoutMs"}
// ERR_RUNAR_INVALID_ARGUMENT {path: "s/never"}
// ERR_RUNAR_OVERLOAD {concurrency: 1, path: "s/one", queue: 0}
// ERR_RUNAR_TIMEOUT {path: "s/one", timeoutMs: 1000}
// ERR_RUNAR_NOT_FOUND {path: "t"}
// ERR_RUNAR_INVALID_ARGUMENT {topic: "a/>"}
// ERR_RUNAR_STOPPED {path: "s/never"}
// end
// exit 0
