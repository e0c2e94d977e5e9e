import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({});
await node.start();
// What `await using` calls at the end of its block.
await node[Symbol.asyncDispose]();
say(node.state);
end();

// trace
// stopped
// end
// exit 0
