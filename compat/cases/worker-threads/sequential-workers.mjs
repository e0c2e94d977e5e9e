import { Worker } from "node:worker_threads";
import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const url = new URL("./_worker.mjs", import.meta.url);
const run = () =>
  new Promise((resolve) => {
    let message;
    const worker = new Worker(url, { workerData: { calls: 100, leave: "exit" } });
    worker.on("message", (value) => {
      message = value;
    });
    worker.on("error", (error) => resolve(`${error.name} ${error.code ?? ""}`));
    worker.on("exit", (code) => resolve([message, code]));
  });
const node = new Node({});
await node.start();
for (let i = 0; i < 5; i++) say(await run());
await node.stop();
end();

// trace
// [5050, 0]
// [5050, 0]
// [5050, 0]
// [5050, 0]
// [5050, 0]
// end
// exit 0
