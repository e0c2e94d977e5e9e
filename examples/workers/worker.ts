/** A worker thread: a node of its own, with keys of its own, in the network of the program. */

import { parentPort, workerData } from "node:worker_threads";
import { Identity, Node } from "runar-ts";
import { makePrimes } from "./primes.js";
import type { Hello, Settings } from "./settings.js";

if (parentPort === null) throw new Error("this is a module for a worker thread");
const port = parentPort;
const { keys, path }: Settings = workerData;

const node = new Node({ network_config: {} }, { identity: Identity.restore(keys) });
node.addService(makePrimes(path));
await node.start();
port.once("message", async () => {
  await node.stop();
  port.close(); // nothing is left to do, so the thread ends
});
port.postMessage({ addresses: [...node.addresses] } satisfies Hello);
