import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({});
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
say(await node.request("a/ping"));
end({ running: 1 });

// trace
// pong
// end
// exit 0
