import { Worker } from "node:worker_threads";
import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const url = new URL("./_worker.mjs", import.meta.url);
const node = new Node({}, { localCalls: "native" });
node.addService({ name: "a", path: "a", actions: { add: (a, b) => a + b } });
await node.start();
let ended = false;
const worker = new Worker(url, { workerData: { calls: 2000 } });
const outcome = new Promise((resolve) => {
  worker.on("error", (error) => resolve(`${error.name} ${error.code ?? ""}`));
  worker.on("message", resolve);
}).finally(() => {
  ended = true;
});
let wrong = 0;
for (let i = 0; !ended; i++) if ((await node.request("a/add", [i, 1])) !== i + 1) wrong++;
say("the worker", await outcome);
say("wrong on the main thread", wrong);
await node.stop();
end();

// trace
// the worker 2001000
// wrong on the main thread 0
// end
// exit 0
