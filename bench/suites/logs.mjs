// Log records: into a sink that does nothing, to a file through each library beside the library
// alone, from Rust, below the level; and what a record costs a request.
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { pino } from "pino";
import { Node } from "runar-ts";
import { consoleSink, pinoSink, winstonSink } from "runar-ts/logging";
import winston from "winston";
import { handleOf, settle } from "../../ci/fixtures.mjs";
import { native } from "../../sdk/dist/native/binding.js";
import { startNode } from "../peers.mjs";
import { caller, compare, nanoseconds } from "../rates.mjs";
import { figure, interleaved, ratio, together } from "../rounds.mjs";

/** So many records are written before the event loop turns. */
const A_TURN = 100;
const FLOOD = 1_000_000;
/** As many as fill the queue of a node, and a few more. */
const FULL = 7_500;
const DISABLED = 10_000_000;

const text = "order placed";
const fields = { isbn: "moby-dick", count: 2 };
/** What the SDK adds to its records; the libraries alone are given the same. */
const bound = { label: "node", component: "Node", target: "runar-ts" };

/** A contestant that writes records, and lets the event loop turn. */
function writer(name, write) {
  const rate = async (count) => {
    const began = performance.now();
    for (let done = 0; done < count; done += A_TURN) {
      for (let index = 0; index < A_TURN; index++) write();
      await setImmediate();
    }
    return (count * 1000) / (performance.now() - began);
  };
  return { name, rate };
}

function runarWriter(name, logger) {
  const node = new Node({}, { logger });
  return writer(name, () => node.logger.info(text, fields));
}

const winstonTo = (stream) =>
  winston.createLogger({
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [new winston.transports.Stream({ stream })],
  });

async function fromJavaScript(folder) {
  const file = (name) => path.join(folder, name);
  const streams = [];
  const stream = (name) => {
    const opened = createWriteStream(file(name));
    streams.push(opened);
    return opened;
  };
  const pinoAlone = pino(pino.destination(file("pino"))).child(bound);
  const winstonAlone = winstonTo(stream("winston")).child(bound);
  const consoleAlone = new console.Console(stream("console"));
  const figures = await compare(
    [
      runarWriter("runar-ts, a sink that does nothing", { write() {} }),
      runarWriter("runar-ts, pinoSink", pinoSink(pino(pino.destination(file("pino-sink"))))),
      writer("pino alone", () => pinoAlone.info(fields, text)),
      runarWriter("runar-ts, winstonSink", winstonSink(winstonTo(stream("winston-sink")))),
      writer("winston alone", () => winstonAlone.info(text, fields)),
      runarWriter("runar-ts, consoleSink", consoleSink({ stream: stream("console-sink") })),
      writer("console alone", () => consoleAlone.info(text, fields)),
    ],
    1,
  );
  for (const opened of streams) opened.end();
  const [, pinoSinkRate, pinoRate, winstonSinkRate, winstonRate] = figures;
  const ratios = [
    ratio("pinoSink / pino alone", pinoSinkRate, pinoRate),
    ratio("winstonSink / winston alone", winstonSinkRate, winstonRate),
  ];
  return {
    charts: [
      { title: "Records of JavaScript, to a file", unit: "records a second", figures },
      { title: "Through the SDK / the library alone, round by round", unit: "x", figures: ratios },
    ],
    measured: ratios[0].median,
  };
}

/** How many records of Rust a sink of batches gets a second. */
async function fromRust() {
  let taken = 0;
  let open;
  let gate;
  const node = await startNode({
    logger: {
      write(records) {
        taken += records.length;
        return gate;
      },
    },
  });
  node.setLogLevel("info");
  const flood = (count) =>
    settle((call) => native.fixtureLogFlood(handleOf(node), call, 1, count, 0));

  const whileWritten = async () => {
    const before = taken;
    const began = performance.now();
    await flood(FLOOD);
    return ((taken - before) * 1000) / (performance.now() - began);
  };

  /** The time that producers take does not count: the queues are full, and nobody writes. */
  const fromFullQueues = async () => {
    let milliseconds = 0;
    let got = 0;
    while (got < FLOOD / 10) {
      gate = new Promise((resolve) => {
        open = resolve;
      });
      await flood(FULL);
      const before = taken;
      const began = performance.now();
      gate = undefined;
      open();
      while (node.logStats().total.pending > 0) await setImmediate();
      milliseconds += performance.now() - began;
      got += taken - before;
    }
    return (got * 1000) / milliseconds;
  };

  const names = ["from a full queue", "while a thread writes as many as it can"];
  const rounds = await interleaved([{ measure: fromFullQueues }, { measure: whileWritten }]);
  await node.stop();
  return names.map((name, index) => figure(name, rounds[index]));
}

async function belowTheLevel() {
  const node = new Node({}, { logger: { write() {} } });
  const pinoAlone = pino({ level: "info" }, pino.destination("/dev/null"));
  const contestants = [
    ["runar-ts", node.logger],
    ["pino alone", pinoAlone],
  ].map(([name, logger]) => {
    // A function for each: one that both share would learn of both.
    const loop = new Function(
      "logger",
      "count",
      `for (let index = 0; index < count; index++) logger.debug("nobody reads this");`,
    );
    const measure = () => {
      const began = performance.now();
      loop(logger, DISABLED);
      return ((performance.now() - began) * 1e6) / DISABLED;
    };
    return { name, measure };
  });
  const values = await interleaved(contestants);
  return contestants.map(({ name }, index) => figure(name, values[index]));
}

async function ofARequest(localCalls) {
  const add = (a, b) => a + b;
  const node = await startNode(
    { localCalls, logger: { write() {} } },
    {
      name: "math-service",
      path: "math",
      actions: {
        add,
        told: (a, b, ctx) => {
          ctx.logger.info(text, fields);
          return a + b;
        },
        untold: (a, b, ctx) => {
          ctx.logger.debug(text, fields);
          return a + b;
        },
      },
    },
  );
  const inContext = await startNode(
    { localCalls, asyncContext: true, logger: { write() {} } },
    { name: "math-service", path: "math", actions: { add } },
  );
  const call = (action) => () => node.request(`math/${action}`, [2, 3]);
  const figures = await compare(
    [
      await caller("no record", call("add")),
      await caller("a record at debug, below the level", call("untold")),
      await caller("a record at info", call("told")),
      await caller("no record, asyncContext", () => inContext.request("math/add", [2, 3])),
    ],
    1,
  );
  const [bare, ...others] = figures.map(nanoseconds);
  await Promise.all([node.stop(), inContext.stop()]);
  return {
    title: `Over a call without, ${localCalls} lane, round by round`,
    unit: "ns",
    figures: others.map((one) => together(one.name, one, bare, (value, less) => value - less)),
  };
}

export async function measure() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "runar-ts-logs-"));
  const { charts, measured } = await fromJavaScript(folder);
  const rust = await fromRust();
  const disabled = await belowTheLevel();
  charts.push(
    { title: "Records of Rust to a sink of batches", unit: "records a second", figures: rust },
    { title: "A record below the level", unit: "ns", figures: disabled },
    await ofARequest("direct"),
    await ofARequest("native"),
  );
  await rm(folder, { recursive: true });
  return {
    charts,
    aims: [
      { what: "pinoSink / pino alone", unit: "x", atLeast: 0.8, measured },
      {
        what: "records of Rust, from a full queue",
        unit: "a second",
        atLeast: 1_000_000,
        measured: rust[0].median,
      },
      { what: "below the level", unit: "ns", atMost: 6, measured: disabled[0].median },
    ],
  };
}
