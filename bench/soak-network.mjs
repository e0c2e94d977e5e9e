// Two nodes that connect, call and part, in a process of its own; writes the memory curve as JSON.
// Arguments: how many times, and how many bytes each is to lose.
import { readdirSync } from "node:fs";
import { Identity, Network, Node } from "runar-ts";
import { native } from "../sdk/dist/native/binding.js";
import { memoryCurve } from "./soak-memory.mjs";

const [cycles, leak] = process.argv.slice(2).map(Number);
/** Beyond what the runtime itself opens as it goes. */
const MOST_FILES = 4;

const network = Network.create();

async function startMember() {
  const identity = Identity.create();
  network.enrol(identity);
  const node = new Node({ network_config: {} }, { identity });
  node.addService({ name: "math", path: "math", actions: { add: (a, b) => a + b } });
  await node.start();
  return { node, publicKey: identity.publicKey };
}

const [here, there] = [await startMember(), await startMember()];
here.node.removeService("math");
const address = { publicKey: there.publicKey, addresses: there.node.addresses };

async function parted(changes) {
  for await (const { change } of changes) if (change === "disconnected") return;
}

async function meet(count) {
  for (let done = 0; done < count; done++) {
    await here.node.connect(address);
    const sum = await here.node.request("math/add", [2, 3]);
    if (sum !== 5) throw new Error(`2 + 3 is ${sum}`);
    const both = [here, there].map(({ node }) => parted(node.peerChanges()));
    here.node.disconnect(there.node.id);
    await Promise.all(both);
    if (leak > 0) native.fixtureLeak(leak);
  }
}

/** What the process has open; where the system does not tell, nothing. */
function openFiles() {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}

await meet(10);
const before = openFiles();
const samples = await memoryCurve(cycles, meet);
const after = openFiles();
if (after > before + MOST_FILES) throw new Error(`${before} open files have become ${after}`);
await Promise.all([here.node.stop(), there.node.stop()]);
console.log(JSON.stringify(samples));
