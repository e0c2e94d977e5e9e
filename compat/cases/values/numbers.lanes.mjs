// Alone, in uniform and mixed arrays, beside bytes, in objects and deeply nested.
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { echo: (value) => value } });
await node.start();
const places = {
  alone: [(n) => n, (back) => back],
  "in a list": [(n) => [[n]], ([back]) => back],
  "among numbers": [(n) => [[1, n, 0.5]], ([, back]) => back],
  "among others": [(n) => [["text", n, null]], ([, back]) => back],
  "beside bytes": [(n) => [[new Uint8Array([1]), n]], ([, back]) => back],
  "in an object": [(n) => ({ n }), ({ n }) => n],
  "beside bytes in an object": [(n) => ({ n, bytes: new Uint8Array(2) }), ({ n }) => n],
  "deep down": [
    (n) => ({ a: [{ b: [[n]] }] }),
    ({
      a: [
        {
          b: [[n]],
        },
      ],
    }) => n,
  ],
};
const numbers = [0, -0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 32, 2 ** 53 - 1];
numbers.push(-(2 ** 53 - 1), 2 ** 53, -(2 ** 63), 2 ** 64, 0.1, -1.5, 1e308, 5e-324);
numbers.push(Number.NaN, Infinity, -Infinity);
for (const [place, [into, outOf]] of Object.entries(places)) {
  const changed = [];
  for (const number of numbers) {
    const back = outOf(await node.request("a/echo", into(number)));
    if (!Object.is(back, number)) changed.push([number, back]);
  }
  say(place, "of", numbers.length, "changed", changed);
}
await node.stop();
end();

// trace
// alone of 20 changed []
// in a list of 20 changed []
// among numbers of 20 changed []
// among others of 20 changed []
// beside bytes of 20 changed []
// in an object of 20 changed []
// beside bytes in an object of 20 changed []
// deep down of 20 changed []
// end
// exit 0
