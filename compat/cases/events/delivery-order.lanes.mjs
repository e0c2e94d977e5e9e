// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const heard = [];
node.on("numbers", (event) => heard.push(event.value));
await Promise.all(Array.from({ length: 1000 }, (_, n) => node.publish("numbers", n)));
say("heard", heard.length, "in order", String(heard.every((value, n) => value === n)));
await node.stop();
end();

// trace
// heard 1000 in order true
// end
// exit 0
