import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

process.exitCode = 3;
const node = new Node({});
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
say(await node.request("a/ping"));
await node.stop();
end();

// trace
// pong
// end
// exit 3
