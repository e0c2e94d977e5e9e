import { Worker } from "node:worker_threads";
import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const url = new URL("./_worker.mjs", import.meta.url);
const node = new Node({});
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
const outcome = await new Promise((resolve) => {
  const worker = new Worker(url, { workerData: { calls: 10, network: true, leave: "running" } });
  worker.on("error", (error) => resolve(`${error.name} ${error.code ?? ""}`));
  worker.on("message", async (sum) => {
    await worker.terminate();
    resolve(`summed ${sum}, terminated`);
  });
});
say(outcome);
say(await node.request("a/ping"));
await node.stop();
end();

// trace
// summed 55, terminated
// pong
// end
// exit 0
