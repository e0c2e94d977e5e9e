import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const node = new Node({});
for (const path of ["$registry", "a/b", "a:b", "*", ">", "a b", "", "\0", "{id}", "-a", ".a"]) {
  const { code, message } = thrown(() => node.addService({ name: "a", path, actions: {} }));
  say(JSON.stringify(path), code, message.split(":")[0]);
}
await node.addService({ name: "a", path: "a-b_c.d1", actions: { "x-y_z.1": () => "fine" } });
await node.start();
say(await node.request("a-b_c.d1/x-y_z.1"));
await node.stop();
end();

// trace
// "$registry" ERR_RUNAR_SERVICE_DEFINITION service.path
// "a/b" ERR_RUNAR_SERVICE_DEFINITION service.path
// "a:b" ERR_RUNAR_SERVICE_DEFINITION service.path
// "*" ERR_RUNAR_SERVICE_DEFINITION service.path
// ">" ERR_RUNAR_SERVICE_DEFINITION service.path
// "a b" ERR_RUNAR_SERVICE_DEFINITION service.path
// "" ERR_RUNAR_SERVICE_DEFINITION service.path
// "\u0000" ERR_RUNAR_SERVICE_DEFINITION service.path
// "{id}" ERR_RUNAR_SERVICE_DEFINITION service.path
// "-a" ERR_RUNAR_SERVICE_DEFINITION service.path
// ".a" ERR_RUNAR_SERVICE_DEFINITION service.path
// fine
// end
// exit 0
