import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

say("Symbol.dispose", typeof Symbol.dispose);
say("Symbol.asyncDispose", typeof Symbol.asyncDispose);
const node = new Node({});
say("of a node", typeof node[Symbol.asyncDispose]);
await node.start();
const subscription = node.on("a/b", () => undefined);
say("of a subscription", typeof subscription[Symbol.dispose]);
await node.stop();
end();

// trace
// Symbol.dispose symbol
// Symbol.asyncDispose symbol
// of a node function
// of a subscription function
// end
// exit 0
