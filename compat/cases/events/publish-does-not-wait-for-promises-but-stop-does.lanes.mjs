import { Node } from "runar-ts";
import { deferred, end, lane, say } from "../../kit.mjs";

const gate = deferred();
const node = new Node({}, { localCalls: lane });
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
