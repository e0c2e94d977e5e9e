// not remote: a node with an open port is never collected
import { collectGarbage, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

async function clientOf(path) {
  const node = new LaneNode();
  node.addService({
    name: path,
    path,
    actions: { ping: () => `pong of ${path}`, node: (ctx) => ctx.node.state },
  });
  await node.start();
  return node.client(path);
}
async function boundRequest(path) {
  const node = new LaneNode();
  node.addService({ name: path, path, actions: { ping: () => `pong of ${path}` } });
  await node.start();
  return () => node.request(`${path}/ping`);
}
const client = await clientOf("one");
const request = await boundRequest("two");
for (let round = 0; round < 10; round++) {
  collectGarbage();
  await new Promise(setImmediate);
}
say(await client.ping(), await client.node());
say(await request());
end("unknown");

// trace
// pong of one running
// pong of two
// end
// exit 0
