// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const keep = { retainMs: 60_000 };
await node.publish("a/b", "old", keep);
await node.publish("a/b", "newer", keep);
await node.publish("a/c", "new", keep);
await node.publish("a/d", "not kept");
const ask = { includePastMs: 60_000 };
const listen = (topic, options) => {
  node.on(topic, (event) => say(topic, "heard", event), options);
  say(topic, options === undefined ? "did not ask" : "asked");
};
listen("a/*", ask);
listen("a/b", ask);
listen("a/b");
listen("a/d", ask);
listen("x/y", ask);
await node.publish("a/d", "live");
await node.publish("a/b", "live");
await node.stop();
end();

// trace
// a/* heard {topic: "a/c", value: "new"}
// a/* asked
// a/b heard {topic: "a/b", value: "newer"}
// a/b asked
// a/b did not ask
// a/d asked
// x/y asked
// a/d heard {topic: "a/d", value: "live"}
// a/* heard {topic: "a/d", value: "live"}
// a/b heard {topic: "a/b", value: "live"}
// a/b heard {topic: "a/b", value: "live"}
// a/* heard {topic: "a/b", value: "live"}
// end
// exit 0
