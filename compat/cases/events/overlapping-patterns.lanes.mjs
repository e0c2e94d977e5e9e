// not remote: the case makes no calls; the group network covers events between peers
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
let heard = [];
const patterns = ["a/*", "a/>", "a/b", "*/b", "a/b"];
const subscriptions = patterns.map((pattern, index) =>
  node.on(pattern, () => heard.push(`${index} ${pattern}`)),
);
const publish = async () => {
  heard = [];
  await node.publish("a/b");
  say(heard.sort());
};
await publish();
for (const index of [0, 4, 3, 1, 2]) {
  subscriptions[index].unsubscribe();
  await publish();
}
await node.stop();
end();

// trace
// ["0 a/*", "1 a/>", "2 a/b", "3 */b", "4 a/b"]
// ["1 a/>", "2 a/b", "3 */b", "4 a/b"]
// ["1 a/>", "2 a/b", "3 */b"]
// ["1 a/>", "2 a/b"]
// ["2 a/b"]
// []
// end
// exit 0
