// Writes log records, and then ends in the way that is named. Started by ci/commands/exits.mjs on
// each runtime. `<out>.counts` then has how many records there were at the last moment, and how many
// of them the node called delivered. A synchronous sink writes to `<out>.lines`.
import { appendFileSync, writeFileSync } from "node:fs";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const { sdk, way, out, target } = isMainThread
  ? { sdk: process.argv[2], way: process.argv[3], out: process.argv[4], target: process.argv[5] }
  : workerData;
const { consoleSink, Node } = await import(sdk);

/** With their texts, more than a megabyte: a pipe holds 64 KiB. */
const RECORDS = 2000;
const TEXT = "x".repeat(600);
/** Longer than any run may take. */
const ALIVE_MS = 60_000;

const isWorkerWay = way.startsWith("worker");
const stayAlive = () => setInterval(() => undefined, ALIVE_MS);

const synchronousSink = {
  write: (records) =>
    appendFileSync(`${out}.lines`, records.map((record) => `${JSON.stringify(record)}\n`).join("")),
};

if (isWorkerWay && isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { sdk, way, out, target } });
  const ended = new Promise((resolve) => worker.on("exit", resolve));
  worker.on("message", () => worker.terminate());
  await ended;
} else {
  const node = new Node(
    { logging_config: { default_level: "info" } },
    { logger: target === "function" ? synchronousSink : consoleSink({ format: "json" }) },
  );
  const count = () => {
    const { accepted, delivered } = node.logStats().total;
    writeFileSync(`${out}.counts`, JSON.stringify({ accepted, delivered }));
  };
  const emit = () => {
    for (let index = 0; index < RECORDS; index++) node.logger.info(`record ${index} ${TEXT}`);
    count();
  };
  const allDelivered = async () => {
    while (node.logStats().total.pending > 0) await new Promise((go) => setTimeout(go, 1));
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
    "stop(), then process.exit(0)": async () => {
      emit();
      await node.stop();
      count();
      process.exit(0);
    },
    "closeLogs(), then process.exit(0)": async () => {
      emit();
      await node.closeLogs();
      count();
      process.exit(0);
    },
    "SIGTERM with a handler that exits": () => {
      process.on("SIGTERM", () => process.exit(0));
      stayAlive();
      emit();
      process.kill(process.pid, "SIGTERM");
    },
    "SIGTERM without a handler, once nothing is pending": async () => {
      emit();
      stayAlive();
      await allDelivered();
      process.kill(process.pid, "SIGTERM");
    },
    "SIGKILL, once nothing is pending": async () => {
      emit();
      stayAlive();
      await allDelivered();
      process.kill(process.pid, "SIGKILL");
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
