// not remote: the latency of a peer depends on the machine
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "s",
  path: "s",
  actions: { never: () => new Promise(() => undefined), ping: () => "pong" },
});
await node.start();
const order = [];
const call = (name, timeoutMs) =>
  node.request("s/never", [], { timeoutMs }).catch(() => order.push(name));
await Promise.all([
  call("third", 240),
  call("first", 20),
  call("second", 120),
  call("first, too", 20),
  // A deadline in between that does not fire.
  node.request("s/ping", [], { timeoutMs: 60 }).then((answer) => order.push(answer)),
]);
say(...order.flatMap((name) => [name, "|"]));
const many = Array.from({ length: 500 }, (_, index) => call(index, 10 + (index % 7)));
await Promise.all(many);
say("all of many ended", order.length - 5);
await node.stop();
end();

// trace
// pong | first | first, too | second | third |
// all of many ended 500
// end
// exit 0
