import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "s",
  path: "s",
  actions: {
    down: async (ctx) => ctx.request("s/down"),
    ping: (ctx) => ctx.request("s/pong"),
    pong: (ctx) => ctx.request("s/ping"),
    sum: async (n, ctx) => (n === 0 ? 0 : n + (await ctx.request("s/sum", [n - 1]))),
  },
});
await node.start();
for (const action of ["down", "ping"]) {
  const error = await rejection(node.request(`s/${action}`, undefined, { timeoutMs: 150 }));
  say(action, error.name, error.code);
}
// Running handlers are aborted in the next turn.
await new Promise(setImmediate);
say("900 deep, and back:", await node.request("s/sum", [900]));
await node.stop();
end();

// trace
// down TimeoutError ERR_RUNAR_TIMEOUT
// ping TimeoutError ERR_RUNAR_TIMEOUT
// 900 deep, and back: 405450
// end
// exit 0
