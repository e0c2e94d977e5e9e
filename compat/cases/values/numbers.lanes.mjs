import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { echo: (value) => value } });
await node.start();
const numbers = [
  0,
  -0,
  1,
  -1,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  -(2 ** 53 - 1),
  2 ** 53,
];
const others = [0.1, -1.5, 1e308, 5e-324, Number.NaN, Infinity, -Infinity];
for (const number of [...numbers, ...others]) {
  const [answer] = await node.request("a/echo", [[number]]);
  say(number, Object.is(answer, number) ? "came back" : `became ${answer}`);
}
await node.stop();
end();

// trace
// 0 came back
// -0 came back
// 1 came back
// -1 came back
// 2147483647 came back
// -2147483648 came back
// 2147483648 came back
// 4294967296 came back
// 9007199254740991 came back
// -9007199254740991 came back
// 9007199254740992 came back
// 0.1 came back
// -1.5 came back
// 1e+308 came back
// 5e-324 came back
// NaN came back
// Infinity came back
// -Infinity came back
// end
// exit 0
