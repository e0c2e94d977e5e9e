import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const plugin = (path) => ({ name: path, path, actions: { ping: () => `pong of ${path}` } });
node.addService({
  name: "plugins",
  path: "plugins",
  actions: {
    async load(path, ctx) {
      await ctx.node.addService(plugin(path));
      return ctx.request(`${path}/ping`);
    },
    unload: (path, ctx) => ctx.node.removeService(path),
  },
  async start(ctx) {
    ctx.node.addService(plugin("from-the-hook"));
  },
});
await node.start();
say(await node.request("from-the-hook/ping"));
say(await node.request("plugins/load", ["extra"]));
await node.request("plugins/unload", ["extra"]);
say((await rejection(node.request("extra/ping"))).code);
await node.stop();
end();

// trace
// pong of from-the-hook
// pong of extra
// ERR_RUNAR_NOT_FOUND
// end
// exit 0
