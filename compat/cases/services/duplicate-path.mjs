import { Node } from "runar-ts";
import { describe, end, say, thrown } from "../../kit.mjs";

const node = new Node({});
const service = { name: "a", path: "a", actions: { ping: () => "pong" } };
await node.addService(service);
say(describe(thrown(() => node.addService(service))));
await node.start();
say(describe(thrown(() => node.addService({ ...service, name: "b" }))));
say(await node.request("a/ping"));
await node.stop();
end();

// trace
// ServiceDefinitionError ERR_RUNAR_DUPLICATE_SERVICE: service.path: the node already has a service with the path "a"
// ServiceDefinitionError ERR_RUNAR_DUPLICATE_SERVICE: service.path: the node already has a service with the path "a"
// pong
// end
// exit 0
