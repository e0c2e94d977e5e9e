// not remote: a node with an open port is never collected
import { collectGarbage, deferred, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const gate = deferred();
function begin() {
  const node = new LaneNode();
  node.addService({
    name: "a",
    path: "a",
    actions: {
      work: async (ctx) => (await gate.promise) + (await ctx.request("a/ping")),
      ping: () => "pong",
    },
  });
  return node.start().then(() => node.request("a/work"));
}
const answer = begin();
for (let i = 0; i < 20; i++) {
  collectGarbage();
  await new Promise((resolve) => setTimeout(resolve, 1));
}
gate.resolve("ping ");
say(await answer);
end("unknown");

// trace
// ping pong
// end
// exit 0
