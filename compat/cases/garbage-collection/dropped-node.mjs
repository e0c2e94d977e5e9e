import { Node } from "runar-ts";
import { collectGarbage, end, live, say } from "../../kit.mjs";

async function use() {
  const node = new Node({});
  node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
  await node.start();
  return node.request("a/ping");
}
const MOST = 200;
for (let i = 0; i < 20; i++) await use();
// The engine decides which collection takes a node.
for (let round = 0; round < MOST && live().running > 2; round++) {
  await new Promise((resolve) => setTimeout(resolve, 5));
  collectGarbage();
}
say("of 20 nodes at most 2 are left", String(live().running <= 2));
end("unknown");

// trace
// of 20 nodes at most 2 are left true
// end
// exit 0
