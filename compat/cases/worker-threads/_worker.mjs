// The worker of the cases of this group.
import { parentPort, workerData } from "node:worker_threads";
import { Node } from "runar-ts";

const { calls, network, leave } = workerData;
const config = network
  ? { network_config: { transport_options: { bind_address: "127.0.0.1:0" } } }
  : {};
const node = new Node(config, { localCalls: "native" });
node.addService({
  name: "a",
  path: "a",
  actions: { add: (a, b) => a + b, never: () => new Promise(() => {}) },
});
await node.start();
let sum = 0;
for (let i = 0; i < calls; i++) sum += await node.request("a/add", [i, 1]);
if (leave === "running") node.request("a/never").catch(() => undefined);
else await node.stop();
parentPort.postMessage(sum);
if (leave === "exit") process.exit(0);
