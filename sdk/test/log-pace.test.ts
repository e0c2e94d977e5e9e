/** Slow sinks, failing sinks, and sinks that write records. */

import type { Context } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { gatedSink, turn, writeInRust } from "./log-support.js";
import { makeNode, runProgram, stopNodes } from "./support.js";

afterEach(stopNodes);

describe("a sink", () => {
  it("that is fast loses no records of a loop that writes more than the queue holds", async () => {
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

  it("that is slow gets one batch at a time and blocks no caller", async () => {
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

  it("that blocks the thread gets smaller batches", async () => {
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

  it("that returns promises gets one record after the other", async () => {
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

  it("that writes records does not get its own", async () => {
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

  it("gets pending records and a flush when its node stops", async () => {
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
