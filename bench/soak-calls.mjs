// Calls in one lane, in a process of its own; writes the memory curve as JSON.
// Arguments: the lane, how many calls, and how many bytes each call is to lose.
import { Node } from "runar-ts";
import { native } from "../sdk/dist/native.js";
import { memoryCurve } from "./soak-memory.mjs";

const IN_FLIGHT = 64;

const [localCalls, calls, leak] = process.argv.slice(2);
const leakedBytes = Number(leak);

const node = new Node({}, { localCalls });
node.addService({
  name: "math-service",
  path: "math",
  actions: {
    add: (a, b) => a + b,
    addLater: async (a, b) => a + b,
    fail: (_a, _b) => {
      throw new RangeError("planned");
    },
  },
});
await node.start();

/** Handlers that answer at once, that answer later, and that fail leave different things behind. */
const ways = [
  () => node.request("math/add", [2, 3]),
  () => node.request("math/addLater", [2, 3]),
  () => node.request("math/fail", [2, 3]).catch(() => undefined),
];

async function callInTurn(count) {
  for (let done = 0; done < count; done++) {
    await ways[done % ways.length]();
    if (leakedBytes > 0) native.fixtureLeak(leakedBytes);
  }
}

const samples = await memoryCurve(Number(calls), (count) =>
  Promise.all(Array.from({ length: IN_FLIGHT }, () => callInTurn(Math.ceil(count / IN_FLIGHT)))),
);
await node.stop();
console.log(JSON.stringify(samples));
