import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
node.on("a", (event) => say("heard", event.value));
for (let round = 1; round <= 3; round++) {
  await node.start();
  await node.publish("a", round);
  await node.stop();
}
end();

// trace
// heard 1
// heard 2
// heard 3
// end
// exit 0
