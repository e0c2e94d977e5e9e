/** The order and the accounting of log records. */

import type { LogRecord } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { fixtures, handleOf, settle } from "../../ci/fixtures.mjs";
import { expectAccounts, gatedSink, turn, writeInRust } from "./log-support.js";
import { makeNode, stopNodes } from "./support.js";

afterEach(stopNodes);

describe("the order of records", () => {
  it("places records of Rust before later ones of JavaScript, without gaps in seq", async () => {
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

  it("holds while the sink is slow and further records arrive", async () => {
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

  it("is the order of writing across nodes that share a sink", async () => {
    const seen: string[] = [];
    const logger = ({ message }: LogRecord) => seen.push(message);
    const [a, b] = [makeNode({ logger }), makeNode({ logger })];
    for (const [index, node] of [a, b, a, a, b].entries()) node.logger.info(String(index));
    await turn();
    expect(seen).toEqual(["0", "1", "2", "3", "4"]);
  });

  it("has close timestamps in microseconds from Rust and JavaScript", async () => {
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

describe("record counts", () => {
  it("cover Rust and JavaScript by level", async () => {
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

  it("are right at random moments of a flood from both sides that loses no error", async () => {
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

  it("report dropped records by level and node at the place of the gap", async () => {
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
    // No retained record precedes it.
    expect(records[records.indexOf(reports[0] as LogRecord) + 1]?.level).not.toBe("info");
    expect(records.filter(({ level }) => level === "error")).toHaveLength(11);
    expect(node.logStats().debug.dropped).toBe(dropped);
    const numbers = records.map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] as number) + index));
  });
});

describe("closeLogs()", () => {
  it("ends loops over records that begin later", async () => {
    const node = makeNode();
    await node.closeLogs();
    expect(await node.logs().next()).toEqual({ done: true, value: undefined });
  });

  it("delivers pending records and counts later ones as dropped, also under load", async () => {
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

  it("ends at its deadline when a sink hangs, and counts pending records", async () => {
    const node = makeNode({ logger: { write: () => new Promise(() => {}) } });
    node.logger.info("held");
    node.logger.error("held");
    const { total } = await node.closeLogs({ deadlineMs: 50 });
    expect(total).toEqual({ accepted: 2, delivered: 0, dropped: 0, pending: 2 });
  });

  it("refuses an invalid deadline", async () => {
    const node = makeNode();
    await expect(node.closeLogs({ deadlineMs: -1 })).rejects.toThrow("options.deadlineMs");
    // @ts-expect-error: no such option
    await expect(node.closeLogs({ deadline: 1 })).rejects.toThrow("did you mean deadlineMs?");
  });
});

describe("a record iterator", () => {
  it("gets the records of the sink from a level on until the node stops", async () => {
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

  it("is bounded and counts dropped records", async () => {
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

  it("refuses invalid options", () => {
    const node = makeNode();
    expect(() => node.logs({ limit: 0 })).toThrow("options.limit");
    // @ts-expect-error: no such level
    expect(() => node.logs({ level: "loud" })).toThrow("options.level");
    // @ts-expect-error: no such option
    expect(() => node.logs({ levle: "info" })).toThrow("did you mean level?");
  });
});
