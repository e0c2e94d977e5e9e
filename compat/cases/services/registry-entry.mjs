import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({});
node.addService({
  name: "math-service",
  path: "math",
  version: "2.1.0",
  description: "adds",
  actions: { add: (a, b) => a + b },
});
await node.start();
const services = await node.request("$registry/services/list");
const math = services.find(({ service_path }) => service_path === "math");
say(math.name, math.version, math.description);
await node.stop();
end();

// trace
// math-service 2.1.0 adds
// end
// exit 0
