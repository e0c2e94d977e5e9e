// Two million records, half of them from Rust and half from JavaScript, at full speed into a sink
// that takes a millisecond for each: memory, accounts, errors, and the requests beside it.
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { handleOf, settle } from "../../ci/fixtures.mjs";
import { native } from "../../sdk/dist/native/binding.js";
import { startNode } from "../peers.mjs";
import { figure } from "../rounds.mjs";

const FROM_EACH = 1_000_000;
/** Every so many records there is an error. */
const ERROR_EVERY = 1000;
/** Requests are measured in rows, with records between them. */
const ROW = 5000;
const BETWEEN = 1000;
const ROWS = 50;
const ROUNDS = 10;
const SINK_MS = 1;
const CLOSE_MS = 60_000;
const MOST_MEGABYTES = 96;

/** Nanoseconds that a request of the row took. */
async function row(node) {
  const began = performance.now();
  for (let done = 0; done < ROW; done++) await node.request("math/add", [2, 3]);
  return ((performance.now() - began) * 1e6) / ROW;
}

async function rowsOf(node, into) {
  for (let rows = 0; rows < ROWS; rows++) {
    into.push(await row(node));
    // As between the records of the flood.
    await setTimeout(0);
  }
}

/** A thread that counts while it is told to: what any busy thread takes from the requests. */
async function busyThread() {
  const state = new Int32Array(new SharedArrayBuffer(4));
  const body = `
    const { workerData: state } = require("node:worker_threads");
    for (;;) {
      Atomics.wait(state, 0, 0);
      while (Atomics.load(state, 0) === 1);
    }`;
  const worker = new Worker(body, { eval: true, workerData: state });
  await once(worker, "online");
  worker.unref();
  return (busy) => {
    Atomics.store(state, 0, busy ? 1 : 0);
    Atomics.notify(state, 0);
  };
}

function middle(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

function checkAccounts(node) {
  for (const [level, { accepted, delivered, dropped, pending }] of Object.entries(
    node.logStats(),
  )) {
    if (accepted !== delivered + dropped + pending) {
      throw new Error(
        `${level}: ${accepted} accepted, of which ${delivered + dropped + pending} are known`,
      );
    }
  }
}

export async function measure() {
  let delay = SINK_MS;
  let errors = 0;
  const node = await startNode(
    {
      logger: (record) => {
        if (record.level === "error") errors++;
        return delay > 0 ? setTimeout(delay) : undefined;
      },
    },
    { name: "math-service", path: "math", actions: { add: (a, b) => a + b } },
  );
  node.setLogLevel("info");
  const setBusy = await busyThread();
  for (let warmUp = 0; warmUp < 20; warmUp++) await row(node);
  globalThis.gc();
  const before = process.memoryUsage.rss();
  let most = before;
  const quiet = [];
  const busy = [];
  const flooded = [];
  let written = 0;
  let writingMs = 0;
  for (let round = 0; round < ROUNDS; round++) {
    // What follows the records of the round before pays for their garbage.
    await rowsOf(node, []);
    await rowsOf(node, quiet);
    setBusy(true);
    await rowsOf(node, busy);
    setBusy(false);
    let flooding = true;
    const flood = settle((call) =>
      native.fixtureLogFlood(handleOf(node), call, 1, FROM_EACH / ROUNDS, ERROR_EVERY),
    ).then(() => {
      flooding = false;
    });
    const enough = ((round + 1) * FROM_EACH) / ROUNDS;
    while (written < enough || flooding) {
      if (flooding) flooded.push(await row(node));
      const began = performance.now();
      for (let index = 0; index < BETWEEN && written < enough; index++) {
        if (++written % ERROR_EVERY === 0) node.logger.error("an error of the flood");
        else node.logger.info("a line of the flood");
      }
      writingMs += performance.now() - began;
      checkAccounts(node);
      most = Math.max(most, process.memoryUsage.rss());
      // The sink's timers have their turn too.
      await setTimeout(0);
    }
    await flood;
  }

  delay = 0;
  const stats = await node.closeLogs({ deadlineMs: CLOSE_MS });
  checkAccounts(node);
  const lost = 2 * (FROM_EACH / ERROR_EVERY) - errors;
  const megabytes = (most - before) / 1e6;
  const slowerThan = (rows) => (middle(flooded) / middle(rows) - 1) * 100;
  const one = (name, value) => figure(name, [value]);
  return {
    charts: [
      {
        title: "Two million records into a sink that takes 1 ms for each",
        unit: "records",
        figures: [
          one("accepted", stats.total.accepted),
          one("delivered", stats.total.delivered),
          one("dropped", stats.total.dropped),
          one("pending", stats.total.pending),
        ],
      },
      {
        title: "To write one in JavaScript, most of them when there is no room",
        unit: "ns",
        figures: [one("a record", (writingMs * 1e6) / FROM_EACH)],
      },
      {
        title: "A request",
        unit: "ns",
        figures: [
          one("alone", middle(quiet)),
          one("beside a thread that only counts", middle(busy)),
          one("beside the flood", middle(flooded)),
        ],
      },
    ],
    aims: [
      {
        what: "error records lost",
        unit: "records",
        atMost: 0,
        measured: lost + stats.error.dropped,
      },
      {
        what: "memory at its highest, over before",
        unit: "MB",
        atMost: MOST_MEGABYTES,
        measured: megabytes,
      },
      {
        what: "requests, slower than beside a thread that only counts",
        unit: "%",
        atMost: 10,
        measured: slowerThan(busy),
      },
    ],
  };
}
