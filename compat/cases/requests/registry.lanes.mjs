// not remote: the registry of a peer cannot be called
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    // A handler can call the registry too.
    async paths(ctx) {
      const list = await ctx.request("$registry/services/list");
      return list.map((service) => service.service_path).filter((path) => !path.startsWith("$"));
    },
  },
});
await node.start();
say(await node.request("a/paths"));
say(await node.request("$registry/services/a/state"));
const info = await node.request("$registry/services/a");
say(info.name, info.service_path, info.actions.length);
say("unknown service:", await node.request("$registry/services/nope"));
say("unknown action:", (await rejection(node.request("$registry/nope"))).code);
await node.stop();
end();

// trace
// ["a"]
// Running
// a a 1
// unknown service: undefined
// unknown action: ERR_RUNAR_NOT_FOUND
// end
// exit 0
