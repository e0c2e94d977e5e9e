/** The life of streamed results: their memory, their end, their context and their observation. */

import { AsyncLocalStorage } from "node:async_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Context, type Node, type NodeOptions, type Stream, TimeoutError } from "runar-ts";
import { currentLogger } from "runar-ts/logging";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { pair, quick } from "./members.js";
import { deferred, failure, makeNode, stopNodes } from "./support.js";

afterEach(stopNodes);

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const WAYS = ["direct", "native", "remote"] as const;
type Way = (typeof WAYS)[number];

/** The calling and the answering node, which differ only in the remote lane. */
async function nodes(way: Way, actions: Record<string, unknown>, options: NodeOptions = {}) {
  const service = { name: "flow", path: "flow", actions: actions as never };
  if (way !== "remote") {
    const node = makeNode({ localCalls: way, ...options });
    await node.addService(service);
    await node.start();
    return { here: node as Node, there: node as Node };
  }
  const { a, b } = await pair(options, options);
  await b.addService(service);
  await a.waitForService("flow", quick);
  return { here: a as Node, there: b as Node };
}

/** A stream that counts how many of its kind are open. */
function counted() {
  const counts = { open: 0, made: 0 };
  const stream = () => {
    counts.open++;
    counts.made++;
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: async () => ({ done: false, value: 1 }),
      return: async () => {
        counts.open--;
        return { done: true, value: undefined };
      },
    };
  };
  return { counts, stream };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(WAYS)("a stream, %s,", (way) => {
  it("keeps nothing of the items that were read", async () => {
    const { here } = await nodes(way, {
      count: async function* () {
        for (let number = 0; ; number++) yield { number, text: "0123456789" };
      },
    });
    const { signal } = new AbortController();
    const stream = await here.request<Stream<object>>("flow/count", null, { signal });
    const used = async (items: number) => {
      for (let read = 0; read < items; read++) await stream.next();
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await used(5_000);
    const items = 20_000;
    expect(((await used(items)) - before) / items).toBeLessThan(200);
    await stream.return?.();
  });

  it("ends when it comes after its call was given up", async () => {
    const { counts, stream } = counted();
    const { here, there } = await nodes(way, {
      plain: async (ms: number) => {
        await later(ms);
        return stream();
      },
      checked: {
        output: z.number(),
        handler: async (ms: number) => {
          await later(ms);
          return stream();
        },
      },
    });
    const calls: Promise<unknown>[] = [];
    for (let number = 0; number < 600; number++) {
      const controller = new AbortController();
      const path = number % 2 === 0 ? "flow/plain" : "flow/checked";
      const { signal } = controller;
      calls.push(here.request(path, number % 20, { signal }).catch(() => undefined));
      setTimeout(() => controller.abort(new Error("given up")), (number * 7) % 20);
      if (number % 50 === 0) await turn();
    }
    await Promise.all(calls);
    // A cancellation may cross the answer of a peer, which then closes the stream a little later.
    await expect.poll(() => counts.open, { timeout: 20_000 }).toBe(0);
    expect(counts.made).toBeGreaterThan(0);
    const began = performance.now();
    await there.stop();
    expect(performance.now() - began).toBeLessThan(4_000);
  }, 40_000);

  it("ends when it comes after the timeout of its call", async () => {
    const { counts, stream } = counted();
    const { here } = await nodes(way, {
      late: async () => {
        await later(100);
        return stream();
      },
    });
    const error = await failure(here.request("flow/late", null, { timeoutMs: 20 }));
    expect(error).toBeInstanceOf(TimeoutError);
    await expect.poll(() => counts.made).toBe(1);
    await expect.poll(() => counts.open).toBe(0);
  });

  it("ends at once when its call is given up between two reads", async () => {
    const { counts, stream } = counted();
    const { here } = await nodes(way, { stream });
    const controller = new AbortController();
    const { signal } = controller;
    const items = await here.request<Stream<number>>("flow/stream", [], { signal });
    expect((await items.next()).value).toBe(1);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect.poll(() => counts.open).toBe(0);
    await expect(items.next()).rejects.toBe(reason);
    expect(await items.next()).toEqual({ done: true, value: undefined });
  });

  it("ends with the handler that reads it when that handler is given up", async () => {
    const { counts, stream } = counted();
    const reading = deferred();
    const { here } = await nodes(way, {
      stream,
      reads: async (_: unknown, ctx: Context) => {
        const items = await ctx.request<Stream<number>>("flow/stream");
        await items.next();
        reading.resolve();
        await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
      },
    });
    const controller = new AbortController();
    const call = here.request("flow/reads", [null], { signal: controller.signal });
    await reading.promise;
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    await expect.poll(() => counts.open).toBe(0);
  });

  it("is refused as an ArcValue, and ends", async () => {
    const { counts, stream } = counted();
    const { here } = await nodes(way, { stream });
    await failure(here.request("flow/stream", [], { as: "arc" }));
    // Rust refuses that of a peer, which closes it when no reader claims it.
    if (way === "remote") return;
    await expect.poll(() => counts.open).toBe(0);
    expect(counts.made).toBe(1);
  });

  it("does not hold stop() for its drain time while it is not read", async () => {
    const { counts, stream } = counted();
    const { here, there } = await nodes(way, { stream });
    const items = await here.request<Stream<number>>("flow/stream");
    await items.next();
    await here.request<Stream<number>>("flow/stream");
    const began = performance.now();
    await there.stop({ drainMs: 60_000 });
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(counts.open).toBe(0);
  });

  it("may end while stop() waits for it", async () => {
    const { here, there } = await nodes(way, {
      slow: async function* () {
        for (let number = 0; number < 10; number++) {
          await later(20);
          yield number;
        }
      },
    });
    const items = await here.request<Stream<number>>("flow/slow");
    let read = 0;
    await items.next();
    const stopped = there.stop({ drainMs: 60_000 });
    for await (const _ of items) read++;
    expect(read).toBe(9);
    await stopped;
  });

  it("runs each step in the context of its call", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const look = () => {
      seen.push(storage.getStore(), currentLogger() !== undefined);
    };
    const { here } = await nodes(
      way,
      {
        steps: async function* () {
          try {
            for (let number = 0; ; number++) {
              look();
              yield number;
            }
          } finally {
            look();
          }
        },
      },
      { asyncContext: true },
    );
    const items = await storage.run("call", () => here.request<Stream<number>>("flow/steps"));
    await storage.run("reader", () => items.next());
    await items.next();
    await storage.run("leaver", () => items.return?.());
    const expected = way === "remote" ? undefined : "call";
    await expect.poll(() => seen.length).toBeGreaterThanOrEqual(6);
    for (let at = 0; at < seen.length; at += 2) {
      expect([seen[at], seen[at + 1]]).toEqual([expected, true]);
    }
  });

  it("counts as a call until its iteration ends", async () => {
    const gate = deferred();
    const { here, there } = await nodes(
      way,
      {
        ends: async function* () {
          await later(30);
          yield 1;
        },
        fails: async function* () {
          yield 1;
          await gate.promise;
          throw new Error("no more");
        },
        left: async function* () {
          for (;;) yield 1;
        },
      },
      { metrics: true },
    );
    const served = (path: string) => there.metrics().served.find((row) => row.path === path);
    const sides = (path: string) => [
      served(path),
      ...(way === "remote" ? [here.metrics().made.find((row) => row.path === path)] : []),
    ];

    for await (const _ of await here.request<Stream<number>>("flow/ends"));
    for (const side of sides("flow/ends")) {
      expect(side).toMatchObject({ ended: 1, failed: 0, inFlight: 0 });
      expect(side?.durations.sumMs).toBeGreaterThan(20);
    }

    const items = await here.request<Stream<number>>("flow/fails");
    await items.next();
    for (const side of sides("flow/fails")) expect(side).toMatchObject({ ended: 0, inFlight: 1 });
    gate.resolve();
    await failure(items.next());
    const failures = { ERR_RUNAR_ACTION: 1 };
    for (const side of sides("flow/fails")) expect(side).toMatchObject({ ended: 1, failures });

    for await (const _ of await here.request<Stream<number>>("flow/left")) break;
    await expect.poll(() => served("flow/left")?.ended).toBe(1);
    for (const side of sides("flow/left")) {
      expect(side).toMatchObject({ ended: 1, failed: 0, inFlight: 0 });
    }
  });
});
