import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
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
