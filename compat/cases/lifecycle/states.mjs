import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({});
say(node.state, String(node.id));
const starting = node.start();
say(node.state);
await starting;
say(node.state, typeof node.id);
const stopping = node.stop();
say(node.state);
await stopping;
say(node.state);
end();

// trace
// created undefined
// starting
// running string
// draining
// stopped
// end
// exit 0
