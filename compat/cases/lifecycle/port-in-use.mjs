import { createServer } from "node:net";
import { Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const transport_options = { bind_address: `127.0.0.1:${port}` };
const [first, second] = [1, 2].map(() => new Node({ network_config: { transport_options } }));
await first.start();
const error = await rejection(second.start());
say(error.name, error.code, error.message.replace(port, "<port>").split(":", 2).join(":"));
say("details name it too:", error.details.address === `127.0.0.1:${port}`);
say(first.state, second.state);
await first.stop();
await second.start();
say("once it is free:", second.state);
await second.stop();
end();

// trace
// NetworkError ERR_RUNAR_LISTEN The node cannot listen on 127.0.0.1:<port>
// details name it too: true
// running stopped
// once it is free: running
// end
// exit 0
