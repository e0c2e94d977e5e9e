import { Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: "native" });
node.addService({
  name: "a",
  path: "a",
  actions: { echo: (value) => value, make: () => ({ made: [() => 1] }) },
});
await node.start();
const values = [
  () => 1,
  Symbol("s"),
  2n ** 64n,
  new Map(),
  new (class Point {})(),
  { items: [1, { when: new Date(0) }] },
  { items: [[Symbol("deep")]] },
];
for (const value of values) {
  const error = await rejection(node.request("a/echo", value));
  say(error.code, error.details);
}
const loop = {};
loop.loop = loop;
say((await rejection(node.request("a/echo", loop))).code);
const made = await rejection(node.request("a/make"));
say(made.code, made.details);
say("and the node goes on", await node.request("a/echo", "still here"));
await node.stop();
end();

// trace
// ERR_RUNAR_VALUE {path: "payload"}
// ERR_RUNAR_VALUE {path: "payload"}
// ERR_RUNAR_VALUE {path: "payload"}
// ERR_RUNAR_VALUE {path: "payload"}
// ERR_RUNAR_VALUE {path: "payload"}
// ERR_RUNAR_VALUE {path: "payload.items[1].when"}
// ERR_RUNAR_VALUE {path: "payload.items[0][0]"}
// ERR_RUNAR_VALUE
// ERR_RUNAR_VALUE {path: "result.made[0]"}
// and the node goes on still here
// end
// exit 0
