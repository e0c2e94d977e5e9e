import { defineService } from "runar-ts";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const actions = Object.freeze({ add: (a, b) => a + b, n: Object.freeze({ handler: () => 1 }) });
const service = Object.freeze({ name: "a", path: "a", actions });
say("defineService gives it back:", defineService(service) === service);
for (let round = 0; round < 2; round++) {
  const node = new LaneNode();
  node.addService(service);
  await node.start();
  say(await node.request("a/add", [20, 22]), await node.request("a/n"));
  await node.stop();
}
say(Object.keys(service), Object.keys(actions));
end();

// trace
// defineService gives it back: true
// 42 1
// 42 1
// ["name", "path", "actions"] ["add", "n"]
// end
// exit 0
