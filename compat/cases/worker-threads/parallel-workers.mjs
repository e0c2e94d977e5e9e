import { Worker } from "node:worker_threads";
import { end, say } from "../../kit.mjs";

const url = new URL("./_worker.mjs", import.meta.url);
const run = (calls) =>
  new Promise((resolve) => {
    let message;
    const worker = new Worker(url, { workerData: { calls } });
    worker.on("message", (value) => {
      message = value;
    });
    worker.on("error", (error) => resolve(`${error.name} ${error.code ?? ""}`));
    worker.on("exit", (code) => resolve([message, code]));
  });
for (const outcome of await Promise.all([run(500), run(1000)])) say(outcome);
end();

// trace
// [125250, 0]
// [500500, 0]
// end
// exit 0
