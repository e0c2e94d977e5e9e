import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const heard = [];
const make = (node_id) => {
  const node = new LaneNode(
    { node_id },
    {
      logger: ({ label, message, target }) =>
        target === "runar-ts" && heard.push(`${label}: ${message}`),
    },
  );
  node.addService({ name: "a", path: "a", actions: { log: (ctx) => ctx.logger.info("handler") } });
  return node;
};
const [one, two] = [make("one"), make("two")];
await one.start();
await two.start();
await one.closeLogs();
for (const node of [one, two]) {
  node.setLogLevel("debug");
  await node.request("a/log");
}
// The sink is called after the answer, on a busy machine one turn later.
while (two.logStats().info.pending > 0) await new Promise(setImmediate);
say(heard, one.logStats().info, two.logStats().info);
await one.stop();
await two.stop();
await two.closeLogs();
say("pending", one.logStats().total.pending, two.logStats().total.pending);
await one.start();
await one.request("a/log");
say("closed for good", heard.length);
await one.stop();
end();

// trace
// ["two: handler"] {accepted: 1, delivered: 0, dropped: 1, pending: 0} {accepted: 1, delivered: 1, dropped: 0, pending: 0}
// pending 0 0
// closed for good 1
// end
// exit 0
