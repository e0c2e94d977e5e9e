import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({});
await node.start();
say("started");
await node.stop();
end();

// trace
// started
// end
// exit 0
