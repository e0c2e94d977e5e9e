import { Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

const nodes = [new Node({}), new Node({})];
for (const [n, node] of nodes.entries()) {
  node.addService({ name: "a", path: `only${n}`, actions: { ping: () => `node ${n}` } });
  await node.start();
  node.on("news", (event) => say(`node ${n} heard`, event.value));
}
say(await nodes[0].request("only0/ping"));
say(await nodes[1].request("only1/ping"));
say(await rejection(nodes[0].request("only1/ping")));
await nodes[0].publish("news", "from 0");
say("different ids", nodes[0].id !== nodes[1].id);
for (const node of nodes) await node.stop();
end();

// trace
// node 0
// node 1
// NotFoundError ERR_RUNAR_NOT_FOUND: only1/ping: no service has this action
// node 0 heard from 0
// different ids true
// end
// exit 0
