// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
let told = 0;
const subscriptions = Array.from({ length: 5_000 }, () => node.on("a/b", () => told++));
await node.publish("a/b");
say("told", told);
for (const subscription of subscriptions.slice(0, 4_999)) subscription.unsubscribe();
await node.publish("a/b");
say("told", told);
await node.stop();
end();

// trace
// told 5000
// told 5001
// end
// exit 0
