// Writes log records, and then ends in the way that is named. Started by ci/commands/exits.mjs on
// each runtime. `<out>.emitted` then has how many records there were at the last moment, and
// `<out>.delivered` a line for each that its sink got.
import { appendFileSync, writeFileSync } from "node:fs";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const { sdk, way, out } = isMainThread
  ? { sdk: process.argv[2], way: process.argv[3], out: process.argv[4] }
  : workerData;
const { Node } = await import(sdk);

const RECORDS = 100;
/** Longer than any run may take. */
const ALIVE_MS = 60_000;

const isWorkerWay = way.startsWith("worker");
const stayAlive = () => setInterval(() => undefined, ALIVE_MS);

if (isWorkerWay && isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { sdk, way, out } });
  const ended = new Promise((resolve) => worker.on("exit", resolve));
  worker.on("message", () => worker.terminate());
  await ended;
} else {
  const node = new Node(
    { logging_config: { default_level: "info" } },
    {
      logger: {
        write: (records) =>
          appendFileSync(`${out}.delivered`, records.map(({ seq }) => `${seq}\n`).join("")),
      },
    },
  );
  const count = () => writeFileSync(`${out}.emitted`, String(node.logStats().total.accepted));
  const emit = () => {
    for (let index = 0; index < RECORDS; index++) node.logger.info(`record ${index}`);
    count();
  };
  const ways = {
    "falls off the end": emit,
    "process.exit(0)": () => {
      emit();
      process.exit(0);
    },
    "process.exit in a handler": () => node.request("ending/exit"),
    "uncaught error": () => {
      setTimeout(() => {
        emit();
        throw new Error("planned");
      });
    },
    "unhandled rejection": () => {
      emit();
      Promise.reject(new Error("planned"));
    },
    "stop(), then the end": async () => {
      emit();
      await node.stop();
      count();
    },
    "SIGTERM with a handler that exits": () => {
      process.on("SIGTERM", () => process.exit(0));
      stayAlive();
      emit();
      process.kill(process.pid, "SIGTERM");
    },
    "SIGTERM without a handler, a turn later": () => {
      emit();
      stayAlive();
      setTimeout(() => process.kill(process.pid, "SIGTERM"), 20);
    },
    "SIGTERM without a handler, in the same turn": () => {
      stayAlive();
      emit();
      process.kill(process.pid, "SIGTERM");
    },
    "SIGKILL in the same turn": () => {
      stayAlive();
      emit();
      process.kill(process.pid, "SIGKILL");
    },
    "worker: falls off the end": emit,
    "worker: process.exit(0)": () => {
      emit();
      process.exit(0);
    },
    "worker: terminated in the same turn": () => {
      emit();
      parentPort.postMessage("now");
      for (;;);
    },
  };
  node.addService({
    name: "ending",
    path: "ending",
    actions: {
      exit: () => {
        emit();
        process.exit(0);
      },
    },
  });
  await node.start();
  await ways[way]();
}
