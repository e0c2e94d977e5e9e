// not remote: the registry of a peer cannot be called
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const actions = { add: (a, b) => a + b, "items/{id}": (ctx) => ctx.params.id };
node.addService({ name: "Full", path: "full", version: "2.1.0", description: "does", actions });
node.addService({ name: "Plain", path: "plain", actions: {} });
await node.start();
const list = await node.request("$registry/services/list");
for (const path of ["full", "plain"]) {
  const { name, version, description, actions } = list.find((one) => one.service_path === path);
  const names = actions.map((action) => action.name).sort();
  say({ path, name, version, description, names });
}
const state = await node.request("$registry/services/full/state");
say("state", state);
await node.stop();
end();

// trace
// {description: "does", name: "Full", names: ["add", "items/{id}"], path: "full", version: "2.1.0"}
// {description: "", name: "Plain", names: [], path: "plain", version: "1.0.0"}
// state Running
// end
// exit 0
