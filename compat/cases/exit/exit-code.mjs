import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({});
await node.start();
await node.stop();
say("with code 7");
end();
process.exit(7);

// trace
// with code 7
// end
// exit 7
