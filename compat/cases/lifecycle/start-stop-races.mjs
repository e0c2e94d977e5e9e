import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({});
const hook = (name) => () => say(" ", name);
node.addService({ name: "a", path: "a", actions: {}, start: hook("start"), stop: hook("stop") });
say("start, start");
await Promise.all([node.start(), node.start()]);
await node.start();
say(node.state);
say("stop, stop");
await Promise.all([node.stop(), node.stop()]);
await node.stop();
say(node.state);
say("start, stop");
await Promise.all([node.start(), node.stop()]);
say(node.state);
say("start, stop, start");
await Promise.all([node.start(), node.stop(), node.start()]);
say(node.state);
say("stop, start, stop");
await Promise.all([node.stop(), node.start(), node.stop()]);
say(node.state);
end();

// trace
// start, start
//   start
// running
// stop, stop
//   stop
// stopped
// start, stop
//   start
//   stop
// stopped
// start, stop, start
//   start
//   stop
//   start
// running
// stop, start, stop
//   stop
//   start
//   stop
// stopped
// end
// exit 0
