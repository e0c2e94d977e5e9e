import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "plugins",
  path: "plugins",
  actions: {
    async load(file, ctx) {
      const { math } = await import(file);
      await ctx.node.addService(math);
      return ctx.request("math/add", [1, 2]);
    },
    async missing() {
      await import("./_nowhere.mjs");
    },
  },
});
await node.start();
say(await node.request("plugins/load", ["./_service.mjs"]));
const { code, message } = await rejection(node.request("plugins/missing"));
say(code, message.startsWith("plugins/missing: "));
await node.stop();
end();

// trace
// 3
// ERR_RUNAR_ACTION true
// end
// exit 0
