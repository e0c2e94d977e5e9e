// not remote: the case makes no calls; the group network covers events between peers
import { deferred, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const gate = deferred();
const node = new LaneNode();
await node.start();
node.on("a/b", async () => {
  say("begins");
  await gate.promise;
  say("ends");
});
await node.publish("a/b");
say("published");
const stopping = node.stop();
say(node.state);
gate.resolve();
await stopping;
say(node.state);
end();

// trace
// begins
// published
// draining
// ends
// stopped
// end
// exit 0
