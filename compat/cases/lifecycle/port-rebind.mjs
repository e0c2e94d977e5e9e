import { createServer } from "node:net";
import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const transport_options = { bind_address: `127.0.0.1:${port}` };
const node = new Node({ network_config: { transport_options } });
const other = new Node({ network_config: { transport_options } });
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
const { id } = node;
say("first", node.state, await node.request("a/ping"));
await node.stop();
say("first", node.state);
await other.start();
say("another with its port", other.state);
await other.stop();
await node.start();
say("first again", node.state, await node.request("a/ping"), "same id:", node.id === id);
await node.stop();
end();

// trace
// first running pong
// first stopped
// another with its port running
// first again running pong same id: true
// end
// exit 0
