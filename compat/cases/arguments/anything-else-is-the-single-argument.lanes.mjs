import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
const isContext = (value) => typeof value?.request === "function";
node.addService({
  name: "a",
  path: "a",
  actions: { echo: (value) => value, both: (value, ctx) => [value, isContext(ctx)] },
});
await node.start();
const payloads = [
  { a: 1 },
  "text",
  "",
  5,
  0,
  false,
  true,
  7n,
  new Uint8Array([1, 2]),
  { length: 2 },
];
for (const payload of payloads) {
  say(await node.request("a/echo", payload), await node.request("a/both", payload));
}
await node.stop();
end();

// trace
// {a: 1} [{a: 1}, true]
// text ["text", true]
//  ["", true]
// 5 [5, true]
// 0 [0, true]
// false [false, true]
// true [true, true]
// 7n [7n, true]
// bytes[1 2] [bytes[1 2], true]
// {length: 2} [{length: 2}, true]
// end
// exit 0
