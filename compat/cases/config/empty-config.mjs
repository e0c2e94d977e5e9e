import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

for (const node of [new Node(), new Node({}), new Node({}, {})]) {
  await node.start();
  say(node.state);
  await node.stop();
}
end();

// trace
// running
// running
// running
// end
// exit 0
