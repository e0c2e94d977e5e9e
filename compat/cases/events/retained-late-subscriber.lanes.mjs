// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
await node.publish("weather", "rain", { retainMs: 60_000 });
await node.publish("weather", "sun", { retainMs: 60_000 });
await node.publish("wind", "none");
node.on("weather", (event) => say("past", event.value), { includePastMs: 60_000 });
node.on("wind", (event) => say("never", event.value), { includePastMs: 60_000 });
node.on("weather", (event) => say("only later", event.value));
await node.publish("weather", "snow");
await node.stop();
end();

// trace
// past sun
// past snow
// only later snow
// end
// exit 0
