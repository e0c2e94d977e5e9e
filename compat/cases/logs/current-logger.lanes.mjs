// not remote: calls from a peer start in no fixed order
import { currentLogger } from "runar-ts/logging";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const heard = [];
const logger = ({ message, service, action, event, requestId, component }) =>
  heard.push([message, component, service ?? event ?? "-", action ?? "-", requestId ?? "-"]);
const make = (asyncContext) => {
  const node = new LaneNode({}, { logger, asyncContext });
  node.addService({
    name: "a",
    path: "a",
    start: () => currentLogger()?.info("in a hook"),
    actions: {
      now: () => currentLogger()?.info("now") ?? "no logger",
      later: async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        currentLogger()?.info("later");
      },
      nested: async (ctx) => {
        await ctx.request("a/later");
        currentLogger()?.info("after the inner call");
      },
    },
  });
  return node;
};
const node = make(true);
say("outside", String(currentLogger()));
await node.start();
await node.request("a/now", [], { requestId: "r1" });
await Promise.all(["r2", "r3"].map((requestId) => node.request("a/later", [], { requestId })));
await node.request("a/nested", [], { requestId: "r4" });
say("outside again", String(currentLogger()));
await node.stop();
for (const record of heard.splice(0)) say(...record);
const without = make(false);
await without.start();
await without.request("a/now");
await without.stop();
say("unless it is asked for", heard.length);
end();

// trace
// outside undefined
// outside again undefined
// in a hook Service a - -
// now Service a now r1
// later Service a later r2
// later Service a later r3
// later Service a later r4
// after the inner call Service a nested r4
// unless it is asked for 0
// end
// exit 0
