/** How records get to their sinks: in which order, at which pace, and what becomes of each. */

import { Worker } from "node:worker_threads";
import type { Context, LogRecord, LogStats, Node } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { fixtures, handleOf, settle } from "../../ci/fixtures.mjs";
import { deferred, delivered, makeNode, runProgram, stopNodes, workerUrl } from "./support.js";

afterEach(stopNodes);

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Writes a record as the core does. */
function writeInRust(node: Node, level: string, text: string) {
  fixtures.fixtureLog(handleOf(node), level, text, false);
}

function expectAccounts(stats: LogStats) {
  for (const [level, { accepted, delivered, dropped, pending }] of Object.entries(stats)) {
    expect({ level, accepted }).toEqual({ level, accepted: delivered + dropped + pending });
  }
}

/** A sink that takes a batch when it is told to. */
function gatedSink() {
  const batches: string[][] = [];
  const gates: { resolve(value: undefined): void }[] = [];
  let opened = false;
  return {
    batches,
    write(records: readonly LogRecord[]): void | Promise<void> {
      batches.push(records.map(({ message }) => message));
      if (opened) return;
      const gate = deferred<undefined>();
      gates.push(gate);
      return gate.promise;
    },
    /** Lets go of the batch that it has. */
    async next() {
      gates.shift()?.resolve(undefined);
      await turn();
    },
    async open() {
      opened = true;
      await this.next();
    },
  };
}

describe("the order of records", () => {
  it("is Rust's before those that JavaScript wrote later, without gaps in seq", async () => {
    const node = makeNode();
    for (let round = 0; round < 20; round++) {
      writeInRust(node, "warn", `rust ${round}`);
      node.logger.info(`js ${round}`);
      await turn();
    }
    expect(node.records.map(({ message }) => message)).toEqual(
      Array.from({ length: 20 }, (_, round) => [`rust ${round}`, `js ${round}`]).flat(),
    );
    const first = node.records[0]?.seq as number;
    expect(node.records.map(({ seq }) => seq)).toEqual(node.records.map((_, at) => first + at));
  });

  it("holds while the sink is slow, and is kept when more comes meanwhile", async () => {
    const sink = gatedSink();
    const node = makeNode({ logger: sink });
    node.logger.info("js 1");
    await turn();
    writeInRust(node, "warn", "rust 2");
    node.logger.info("js 3");
    await turn();
    expect(sink.batches).toEqual([["js 1"]]);
    await sink.next();
    writeInRust(node, "warn", "rust 4");
    node.logger.info("js 5");
    await sink.open();
    await turn();
    expect(sink.batches.flat()).toEqual(["js 1", "rust 2", "js 3", "rust 4", "js 5"]);
  });

  it("is that of writing across nodes that share a sink", async () => {
    const seen: string[] = [];
    const logger = ({ message }: LogRecord) => seen.push(message);
    const [a, b] = [makeNode({ logger }), makeNode({ logger })];
    for (const [index, node] of [a, b, a, a, b].entries()) node.logger.info(String(index));
    await turn();
    expect(seen).toEqual(["0", "1", "2", "3", "4"]);
  });

  it("has times with microseconds, near to each other in Rust and JavaScript", async () => {
    const node = makeNode();
    for (let index = 0; index < 10; index++) {
      node.logger.info("js");
      writeInRust(node, "warn", "rust");
    }
    await turn();
    const times = node.records.map(({ time }) => time);
    expect(times.some((time) => !Number.isInteger(time))).toBe(true);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(1000);
  });
});

describe("the account of records", () => {
  it("is one for those of Rust and of JavaScript, by level", async () => {
    const sink = gatedSink();
    const node = makeNode({ logger: sink });
    node.logger.info("a");
    writeInRust(node, "error", "b");
    node.logger.debug("below the level");
    expect(node.logStats()).toMatchObject({
      debug: { accepted: 0 },
      info: { accepted: 1, delivered: 0, dropped: 0, pending: 1 },
      error: { accepted: 1, delivered: 0, dropped: 0, pending: 1 },
      total: { accepted: 2, pending: 2 },
    });
    await turn();
    expectAccounts(node.logStats());
    await sink.open();
    await turn();
    expect(node.logStats().total).toEqual({ accepted: 2, delivered: 2, dropped: 0, pending: 0 });
  });

  it("is right at random moments of a flood from both sides, in which no error is lost", async () => {
    const errors = new Set<string>();
    const node = makeNode({
      logger: {
        async write(records) {
          for (const { level, message } of records) if (level === "error") errors.add(message);
          await turn();
        },
      },
    });
    const flood = settle((call) => fixtures.fixtureLogFlood(handleOf(node), call, 2, 20_000, 0));
    let wrote = 0;
    for (let round = 0; round < 400; round++) {
      for (let index = 0; index < 50; index++) node.logger.info("flood");
      if (round % 4 === 0) {
        node.logger.error(`error ${wrote++}`);
        writeInRust(node, "error", `error ${wrote++}`);
      }
      expectAccounts(node.logStats());
      if (round % 10 === 0) await turn();
    }
    await flood;
    const stats = await node.closeLogs();
    expectAccounts(stats);
    expect(stats.total.pending).toBe(0);
    expect(stats.error.dropped).toBe(0);
    expect(errors.size).toBe(wrote);
  });

  it("tells of dropped records by level, with the node's name, where they are missing", async () => {
    const sink = gatedSink();
    const records: LogRecord[] = [];
    const node = makeNode(
      {
        logLevel: "debug",
        logger: {
          write(batch) {
            records.push(...batch);
            return sink.write(batch);
          },
        },
      },
      { node_id: "shop" },
    );
    node.logger.info("first");
    await turn();
    for (let index = 0; index < 9000; index++) node.logger.debug(`debug ${index}`);
    for (let index = 0; index < 10; index++) node.logger.error(`error ${index}`);
    await settle((call) => fixtures.fixtureLogFlood(handleOf(node), call, 1, 1, 1));
    expectAccounts(node.logStats());
    await sink.open();
    await node.closeLogs();
    const dropped = 9000 - (8192 - 1024);
    const reports = records.filter(({ fields }) => fields?.dropped !== undefined);
    expect(reports).toEqual([
      expect.objectContaining({
        level: "warn",
        label: "shop",
        message: `${dropped} log records were dropped: more came than the sink takes`,
        fields: { dropped: { debug: dropped } },
      }),
    ]);
    // Nothing of what was kept comes before it.
    expect(records[records.indexOf(reports[0] as LogRecord) + 1]?.level).not.toBe("info");
    expect(records.filter(({ level }) => level === "error")).toHaveLength(11);
    expect(node.logStats().debug.dropped).toBe(dropped);
    const numbers = records.map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] as number) + index));
  });
});

describe("a sink", () => {
  it("that is quick loses nothing to a loop that writes more than there is room for", async () => {
    let taken = 0;
    const node = makeNode({
      logger: {
        write(records) {
          taken += records.length;
        },
      },
    });
    for (let index = 0; index < 30_000; index++) node.logger.info("x");
    expect(taken).toBeGreaterThan(20_000);
    expect((await node.closeLogs()).total).toMatchObject({ delivered: 30_000, dropped: 0 });
    expect(node.records).toEqual([]);
  });

  it("that is slow gets one batch at a time, and keeps nobody waiting", async () => {
    const sink = gatedSink();
    const node = makeNode({ logger: sink });
    node.addService({
      name: "a",
      path: "a",
      actions: {
        ping: (ctx: Context) => {
          ctx.logger.info("p");
          return 1;
        },
      },
    });
    await node.start();
    for (let index = 0; index < 100; index++) expect(await node.request("a/ping")).toBe(1);
    expect(sink.batches).toEqual([["p"]]);
    await sink.open();
    await turn();
    expect(sink.batches.flat()).toHaveLength(100);
  });

  it("that keeps the thread gets smaller batches, so that the event loop turns", async () => {
    const sizes: number[] = [];
    const node = makeNode({
      logger: {
        write(records) {
          sizes.push(records.length);
          const until = performance.now() + records.length;
          while (performance.now() < until);
        },
      },
    });
    for (let index = 0; index < 300; index++) node.logger.info("x");
    let turns = 0;
    while (node.logStats().total.pending > 0) {
      turns++;
      await turn();
    }
    expect(turns).toBeGreaterThan(5);
    expect(Math.max(...sizes.slice(1))).toBeLessThan(40);
  });

  it("of single records gets the next one when its promise for the last has settled", async () => {
    let running = 0;
    const seen: string[] = [];
    const node = makeNode({
      logger: async ({ message }) => {
        expect(++running).toBe(1);
        await turn();
        seen.push(message);
        running--;
        if (message === "2") throw new Error("planned");
      },
    });
    for (const text of ["1", "2", "3"]) node.logger.info(text);
    const stats = await node.closeLogs();
    expect(seen).toEqual(["1", "2", "3"]);
    expect(stats.info).toEqual({ accepted: 3, delivered: 2, dropped: 1, pending: 0 });
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("planned");
      },
    ],
    ["rejects", () => Promise.reject(new Error("planned"))],
  ])("that %s loses its batch, which is counted, and gets the next", async (_, fail) => {
    const seen: string[] = [];
    let failing = true;
    const node = makeNode({
      logger: {
        write(records) {
          if (failing) return fail();
          seen.push(...records.map(({ message }) => message));
          return undefined;
        },
      },
    });
    node.logger.info("lost");
    writeInRust(node, "warn", "lost too");
    await turn();
    await turn();
    failing = false;
    node.logger.info("kept");
    await turn();
    expect(seen).toEqual(["kept"]);
    expect(node.logStats().total).toEqual({ accepted: 3, delivered: 1, dropped: 2, pending: 0 });
  });

  it("that writes records itself gets none of those, and no endless loop", async () => {
    const ended = await runProgram(
      `let calls = 0;
       const node = new Node({}, { logger: (record) => { calls++; node.logger.info("from the sink"); } });
       node.logger.info("one"); await new Promise(setImmediate); node.logger.info("two");
       await new Promise(setImmediate);
       console.log(calls, JSON.stringify(node.logStats().info));`,
    );
    expect(ended).toEqual({
      code: 0,
      signal: null,
      stdout: `2 {"accepted":4,"delivered":2,"dropped":2,"pending":0}\n`,
      stderr: "runar-ts: a log sink writes records itself; they are dropped\n",
    });
  });

  it("is given what is pending, and told to flush, when its node stops", async () => {
    const done: string[] = [];
    const node = makeNode({
      logger: {
        async write(records) {
          await turn();
          done.push(...records.map(({ message }) => message));
        },
        async flush() {
          await turn();
          done.push("flushed");
        },
      },
    });
    node.addService({
      name: "a",
      path: "a",
      actions: {},
      stop: (ctx) => ctx.logger.info("from the stop hook"),
    });
    await node.start();
    await node.stop();
    expect(done).toEqual(["from the stop hook", "flushed"]);
  });
});

describe("closing the records", () => {
  it("delivers what is pending and counts what comes later as dropped, under load too", async () => {
    const node = makeNode({ logger: { write: () => turn().then(() => undefined) } });
    const flood = settle((call) => fixtures.fixtureLogFlood(handleOf(node), call, 2, 5_000, 0));
    let closing = true;
    const writing = (async () => {
      while (closing) {
        for (let index = 0; index < 20; index++) node.logger.info("x");
        await turn();
      }
    })();
    const stats = await node.closeLogs();
    closing = false;
    await Promise.all([flood, writing]);
    expectAccounts(stats);
    expect(stats.total.pending).toBe(0);
    const before = node.logStats().total;
    node.logger.error("too late");
    writeInRust(node, "error", "too late");
    node.setLogLevel("trace");
    writeInRust(node, "error", "too late still");
    const { total } = node.logStats();
    expect(total.delivered).toBe(before.delivered);
    expect(total.dropped).toBe(before.dropped + 1);
    expectAccounts(node.logStats());
  });

  it("waits no longer than its deadline for a sink that hangs, and says what is pending", async () => {
    const node = makeNode({ logger: { write: () => new Promise(() => {}) } });
    node.logger.info("held");
    node.logger.error("held");
    const { total } = await node.closeLogs({ deadlineMs: 50 });
    expect(total).toEqual({ accepted: 2, delivered: 0, dropped: 0, pending: 2 });
  });

  it("refuses what is no deadline", async () => {
    const node = makeNode();
    await expect(node.closeLogs({ deadlineMs: -1 })).rejects.toThrow("options.deadlineMs");
    // @ts-expect-error: no such option
    await expect(node.closeLogs({ deadline: 1 })).rejects.toThrow("did you mean deadlineMs?");
  });
});

describe("a loop over records", () => {
  it("gets what the sink gets, from a level on, until the node stops", async () => {
    const node = makeNode();
    await node.start();
    const read = node.logs({ level: "warn" });
    node.logger.info("not this");
    node.logger.warn("this");
    writeInRust(node, "error", "and this");
    await turn();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { message } of read) seen.push(message);
    })();
    await node.stop();
    await reading;
    expect(seen).toEqual(["and this", "this"]);
    expect(node.records).toHaveLength(3);
  });

  it("is bounded, and counts what was not read in time", async () => {
    const node = makeNode();
    const newest = node.logs({ limit: 2 });
    const oldest = node.logs({ limit: 2, overflow: "drop-newest" });
    for (const text of ["1", "2", "3"]) node.logger.info(text);
    await turn();
    expect([(await newest.next()).value?.message, newest.dropped]).toEqual(["2", 1]);
    expect([(await oldest.next()).value?.message, oldest.dropped]).toEqual(["1", 1]);
    await newest.return();
    expect((await newest.next()).done).toBe(true);
  });

  it("refuses options that make no sense", () => {
    const node = makeNode();
    expect(() => node.logs({ limit: 0 })).toThrow("options.limit");
    // @ts-expect-error: no such level
    expect(() => node.logs({ level: "loud" })).toThrow("options.level");
    // @ts-expect-error: no such option
    expect(() => node.logs({ levle: "info" })).toThrow("did you mean level?");
  });
});

describe("worker threads", () => {
  it("get the records of their own nodes, and take only those with them when they end", async () => {
    const body = `
      import { parentPort } from "node:worker_threads";
      import { Node } from "runar-ts";
      const node = new Node({ node_id: "worker", logging_config: { default_level: "info" } }, {
        logger: (record) => parentPort.postMessage(record.label),
      });
      await node.start();
      await new Promise(() => setInterval(() => node.logger.info("tick"), 5));`;
    const own = makeNode({}, { node_id: "main", logging_config: { default_level: "info" } });
    await own.start();
    const labels = new Set<string>();
    const worker = new Worker(workerUrl(body));
    await new Promise<void>((resolve) => {
      worker.on("message", (label) => {
        labels.add(label);
        if (labels.size > 0) resolve();
      });
    });
    await worker.terminate();
    own.logger.info("still here");
    fixtures.fixtureLog(handleOf(own), "warn", "and so is Rust", false);
    await turn();
    expect([...labels]).toEqual(["worker"]);
    expect(new Set(own.records.map(({ label }) => label))).toEqual(new Set(["main"]));
    expect(own.records.slice(-2).map(({ message }) => message)).toEqual([
      "and so is Rust",
      "still here",
    ]);
  });
});

describe("records that name no node", () => {
  it("go to the standard error stream of the first thread, events of tracing with their spans", async () => {
    const ended = await runProgram(
      `import { native } from "./dist/native.js";
       const node = new Node({}, { logger: () => {} });
       native.fixtureLog(0, "warn", "nobody's", false);
       native.fixtureLog(7, "warn", "traced", true);
       await new Promise((resolve) => setTimeout(resolve, 50));`,
    );
    const records = ended.stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(records).toEqual([
      expect.objectContaining({ level: "warn", message: "nobody's", target: "runar_fixture" }),
      expect.objectContaining({
        message: "traced",
        fields: { node: 7, span: "fixture", text: "traced" },
      }),
    ]);
  });
});

describe("records of the core", () => {
  it("have no pictures and brackets in their text; it is kept as it was beside", async () => {
    const node = makeNode();
    writeInRust(node, "warn", "🔍 [read_message] Reading");
    writeInRust(node, "warn", "plain");
    await delivered(node);
    expect(node.records[0]).toMatchObject({
      message: "Reading",
      raw: "🔍 [read_message] Reading",
      fields: { step: "read_message" },
      component: "Fixture",
    });
    expect(node.records[1]?.raw).toBeUndefined();
  });
});

describe("RUNAR_LOG", () => {
  const program = `
    const node = new Node({ logging_config: { default_level: "off" } }, { logLevel: "error", logger: (r) => console.log(r.level, r.component, r.message) });
    node.addService({ name: "shop", path: "shop", actions: { order: (ctx) => ctx.logger.debug("ordering") } });
    await node.start(); await node.request("shop/order"); node.logger.info("program");`;

  it.each([
    ["", []],
    ["info,Service=off,Keys=off", ["info Node program"]],
    ["off,shop=debug", ["debug Service ordering"]],
    ["off,runar-ts=debug", ["debug Service ordering", "info Node program"]],
    ["off,Keys=info", ["info Keys User root key initialized (private key secured on mobile)"]],
  ])("%j has the last word", async (RUNAR_LOG, expected) => {
    const { stdout } = await runProgram(program, [], { RUNAR_LOG });
    const lines = stdout.split("\n").filter((line) => line !== "" && !/^info Node [^p]/.test(line));
    expect(lines.slice(0, expected.length || 1)).toEqual(expected);
  });

  it("is told about in a record when it cannot be read", async () => {
    const { stdout } = await runProgram(
      `new Node({}, { logger: (record) => console.log(record.level, record.message) });`,
      [],
      { RUNAR_LOG: "Network=loud" },
    );
    expect(stdout).toMatch(/^warn RUNAR_LOG=Network=loud is ignored: /);
  });
});
