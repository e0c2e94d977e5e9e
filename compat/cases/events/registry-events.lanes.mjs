// not remote: the case makes no calls; the group network covers events between peers
import { deferred, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const running = deferred();
const states = [];
const node = new LaneNode();
node.on("$registry/services/late/state/*", ({ topic }) => {
  states.push(topic.split("/").at(-1));
  if (states.at(-1) === "running") running.resolve();
});
await node.start();
await node.addService({ name: "late", path: "late", actions: {} });
await running.promise;
say(states);
await node.stop();
end();

// trace
// ["initialized", "running"]
// end
// exit 0
