import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({ network_config: { transport_options: { bind_address: "127.0.0.1:0" } } });
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
say(await node.request("a/ping"));
await node.stop();
say(node.state);
end();

// trace
// pong
// stopped
// end
// exit 0
