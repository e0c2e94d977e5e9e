import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({});
let starts = 0;
node.addService({ name: "a", path: "a", actions: {}, start: () => starts++ });
await Promise.all([node.start(), node.start()]);
await node.start();
say("starts", starts);
await Promise.all([node.stop(), node.stop()]);
await node.stop();
say(node.state);
end();

// trace
// starts 1
// stopped
// end
// exit 0
