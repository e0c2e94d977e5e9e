// Calls, or events, in one lane, in a process of its own; writes the memory curve as JSON.
// Arguments: `calls` or `publishes`, the lane, how many, and how many bytes each is to lose.
import { Node } from "runar-ts";
import { native } from "../sdk/dist/native/binding.js";
import { memoryCurve } from "./soak-memory.mjs";

const IN_FLIGHT = 64;

const [what, localCalls, repetitions, leak] = process.argv.slice(2);
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
let heard = 0;
node.on("orders/placed", ({ value }) => {
  heard++;
  return value.later ? Promise.resolve() : undefined;
});
await node.start();

/** What is answered at once, what is answered later, and what fails leave different things behind. */
const ways = {
  calls: [
    () => node.request("math/add", [2, 3]),
    () => node.request("math/addLater", [2, 3]),
    () => node.request("math/fail", [2, 3]).catch(() => undefined),
  ],
  publishes: [
    () => node.publish("orders/placed", { id: 7 }),
    () => node.publish("orders/placed", { id: 7, later: true }),
  ],
}[what];

async function actInTurn(count) {
  for (let done = 0; done < count; done++) {
    await ways[done % ways.length]();
    if (leakedBytes > 0) native.fixtureLeak(leakedBytes);
  }
}

let done = 0;
const samples = await memoryCurve(Number(repetitions), async (count) => {
  const each = Math.ceil(count / IN_FLIGHT);
  await Promise.all(Array.from({ length: IN_FLIGHT }, () => actInTurn(each)));
  done += each * IN_FLIGHT;
});
if (what === "publishes" && heard !== done)
  throw new Error(`${heard} of ${done} events were heard`);
await node.stop();
console.log(JSON.stringify(samples));
