import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({});
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
const ids = new Set();
for (let round = 0; round < 3; round++) {
  await node.start();
  ids.add(node.id);
  say(await node.request("a/ping"));
  await node.stop();
}
say("ids", ids.size);
end();

// trace
// pong
// pong
// pong
// ids 1
// end
// exit 0
