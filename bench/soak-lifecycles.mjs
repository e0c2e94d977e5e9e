// Nodes that are created, started and stopped, in a process of its own; writes the memory curve as
// JSON. Arguments: `sdk` or `rust`, how many nodes, and how many bytes each is to lose.
import { Node } from "runar-ts";
import { settle } from "../ci/fixtures.mjs";
import { isolate } from "../sdk/dist/bridge/isolate.js";
import { native } from "../sdk/dist/native/binding.js";
import { memoryCurve } from "./soak-memory.mjs";

const [loop, cycles, leak] = process.argv.slice(2);
const leakedBytes = Number(leak);
const mathService = { name: "math-service", path: "math", actions: { add: (a, b) => a + b } };

async function liveInTheSdk(count) {
  for (let done = 0; done < count; done++) {
    const node = new Node({});
    node.addService(mathService);
    await node.start();
    await node.stop();
    if (leakedBytes > 0) native.fixtureLeak(leakedBytes);
  }
}

async function liveInRust(count) {
  const { id } = isolate();
  await settle((call) => native.fixtureLifecycles(id, call, count));
}

const samples = await memoryCurve(Number(cycles), loop === "sdk" ? liveInTheSdk : liveInRust);
console.log(JSON.stringify(samples));
