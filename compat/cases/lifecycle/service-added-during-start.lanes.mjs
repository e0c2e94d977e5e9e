import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

let answered = 0;
for (let round = 0; round < 20; round++) {
  const node = new LaneNode();
  const starting = node.start();
  const adding = node.addService({ name: "s", path: "s", actions: { ping: () => "pong" } });
  await Promise.all([starting, adding]);
  if ((await node.request("s/ping")) === "pong") answered++;
  await node.stop();
}
say("answered", answered);
end();

// trace
// answered 20
// end
// exit 0
