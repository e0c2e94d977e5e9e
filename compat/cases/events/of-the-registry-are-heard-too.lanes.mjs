import { Node } from "runar-ts";
import { deferred, end, lane, say } from "../../kit.mjs";

const running = deferred();
const states = [];
const node = new Node({}, { localCalls: lane });
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
