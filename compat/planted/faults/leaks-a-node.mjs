import { Node } from "runar-ts";
import { end } from "../../kit.mjs";

const node = new Node({});
await node.start();
end();

// trace
// end
// exit 0
