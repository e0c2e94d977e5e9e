import { setTimeout as delay } from "node:timers/promises";
import { type Context, defineAction, defineService, Node, TimeoutError } from "runar-ts";
import { sqlite } from "runar-ts/services";
import { createTestNode, fakeClock, mockService, recordLogs } from "runar-ts/testing";
import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { z } from "zod";
import { deferred, failure, lanes, makeNode, stopNodes, thrown } from "./support.js";

afterEach(async () => {
  vi.useRealTimers();
  await stopNodes();
});

const work = defineService({
  name: "work",
  path: "work",
  actions: {
    forever: (ctx: Context) =>
      new Promise<string>((_, reject) => {
        ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason));
      }),
    left: (ctx: Context) => ctx.deadline - Date.now(),
  },
});

describe("createTestNode", () => {
  it("starts its services in order, prints nothing and stops at the end of its block", async () => {
    const steps: string[] = [];
    const service = (path: string) => ({
      name: path,
      path,
      actions: {},
      start: ({ logger }: { logger: Context["logger"] }) => {
        logger.trace("a detail");
        steps.push(`${path} starts`);
      },
      stop: () => steps.push(`${path} stops`),
    });
    const output = vi.spyOn(process.stderr, "write");
    const states: string[] = [];
    {
      await using node = await createTestNode({ services: [service("a"), service("b")] });
      states.push(node.state);
      expect((await node.recorded.waitFor({ service: "b", level: "trace" })).message).toBe(
        "a detail",
      );
    }
    expect(states).toEqual(["running"]);
    expect(steps).toEqual(["a starts", "b starts", "b stops", "a stops"]);
    expect(output).not.toHaveBeenCalled();
    output.mockRestore();
  });

  it("accepts node options, a config and Rust services", async () => {
    const db = sqlite({ path: "db", file: ":memory:", schema: { tables: { t: { id: "text" } } } });
    await using node = await createTestNode({
      services: [db, work],
      config: { node_id: "tested" },
      requestTimeoutMs: 25_000,
      localCalls: "native",
    });
    expect(await db.on(node).query("SELECT * FROM t")).toEqual([]);
    using clock = fakeClock();
    const call = failure(node.request("work/forever"));
    await clock.advance(25_000);
    expect(await call).toMatchObject({ message: "work/forever: no answer within 25000 ms" });
    node.logger.info("hello");
    expect(await node.recorded.waitFor({ message: "hello" })).toMatchObject({ label: "tested" });
  });

  it("ends pending calls on stop unless drainMs is set", async () => {
    const node = await createTestNode({ services: [work] });
    const hanging = failure(node.request("work/forever"));
    await node.stop();
    expect(await hanging).toMatchObject({ code: "ERR_RUNAR_STOPPED" });
    expect(node.state).toBe("stopped");

    const gate = deferred();
    const patient = { name: "p", path: "p", actions: { wait: () => gate.promise } };
    const other = await createTestNode({ services: [patient] });
    const answer = other.request("p/wait");
    const stopped = other.stop({ drainMs: 10_000 });
    gate.resolve();
    await answer;
    await stopped;
  });

  it("refuses values that cannot be sent to another node", async () => {
    const dates = { name: "dates", path: "dates", actions: { now: () => new Date() } };
    await using node = await createTestNode({ services: [dates] });
    expect(await failure(node.request("dates/now"))).toMatchObject({
      message: "result: a Date cannot cross; send toISOString()",
    });
  });

  it("reports why it cannot start", async () => {
    const start = () => {
      throw new Error("no disk");
    };
    const broken = { name: "broken", path: "broken", actions: {}, start };
    expect(await failure(createTestNode({ services: [broken] }))).toMatchObject({
      code: "ERR_RUNAR_START_FAILED",
      cause: { message: "no disk" },
    });
    // @ts-expect-error: its logger is the one that records
    const error = await failure(createTestNode({ loger: console }));
    expect(error.message).toBe("options.loger: unknown key, did you mean logger?");
  });
});

describe.each(lanes)("fakeClock, %s lane", (localCalls) => {
  it("ends a call exactly at its deadline", async () => {
    await using node = await createTestNode({ services: [work], localCalls });
    using clock = fakeClock();
    let ended = false;
    const call = failure(node.request("work/forever")).finally(() => {
      ended = true;
    });
    await clock.advance(29_999);
    expect(ended).toBe(false);
    await clock.advance(1);
    expect(await call).toBeInstanceOf(TimeoutError);
  });

  it("fires each deadline on the way", async () => {
    await using node = await createTestNode({ services: [work], localCalls });
    using clock = fakeClock();
    const ends: string[] = [];
    const attempt = (timeoutMs: number) =>
      failure(node.request("work/forever", [], { timeoutMs })).then(() => {
        ends.push(`${timeoutMs}`);
      });
    const retries = (async () => {
      for (let count = 0; count < 3; count++) await attempt(1_000);
    })();
    const others = [attempt(2_500), attempt(3_001)];
    await clock.advance(3_000);
    await retries;
    expect(ends).toEqual(["1000", "1000", "2500", "1000"]);
    await clock.advance(1);
    await Promise.all(others);
    expect(ends.at(-1)).toBe("3001");
  });

  it("governs the deadline and nested calls of a handler", async () => {
    const outer = {
      name: "outer",
      path: "outer",
      actions: {
        async call(ctx: Context) {
          const before = ctx.deadline;
          await gate.promise;
          expect(ctx.deadline).toBe(before);
          return ctx.request("work/forever", [], { timeoutMs: 60_000 });
        },
      },
    };
    const gate = deferred();
    await using node = await createTestNode({ services: [work, outer], localCalls });
    using clock = fakeClock();
    const call = failure(node.request("outer/call", [], { timeoutMs: 5_000 }));
    await clock.advance(4_000);
    gate.resolve();
    await clock.advance(1_000);
    expect(await call).toMatchObject({ message: expect.stringContaining("within") });
  });

  it("keeps the remaining time of pending calls when restored", async () => {
    await using node = await createTestNode({ services: [work], localCalls });
    const clock = fakeClock();
    const call = failure(node.request("work/forever", [], { timeoutMs: 60_000 }));
    await clock.advance(59_980);
    const began = performance.now();
    clock.restore();
    clock.restore();
    expect(await call).toMatchObject({ code: "ERR_RUNAR_TIMEOUT" });
    expect(performance.now() - began).toBeGreaterThan(15);
    expect(await node.request<number>("work/left")).toBeCloseTo(30_000, -3);
  });

  it("works together with the fake timers of the test runner", async () => {
    const slow = {
      name: "slow",
      path: "slow",
      actions: { nap: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms, "awake")) },
    };
    await using node = await createTestNode({ services: [slow], localCalls });
    using clock = fakeClock();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const quick = node.request("slow/nap", [1_000]);
    const late = failure(node.request("slow/nap", [60_000]));
    // A payload reaches its handler within one turn of the event loop.
    await clock.advance(1);
    vi.advanceTimersByTime(1_000);
    expect(await quick).toBe("awake");
    await clock.advance(30_000);
    expect(await late).toMatchObject({ code: "ERR_RUNAR_TIMEOUT" });
  });
});

describe.each(lanes)("fake timers of the test runner alone, %s lane", (localCalls) => {
  it("do not affect calls, deadlines, records and stops", async () => {
    const db = sqlite({ path: "db", file: ":memory:", schema: { tables: { t: { id: "text" } } } });
    vi.useFakeTimers();
    const node = await createTestNode({ services: [db, work], localCalls });
    const patient = failure(node.request("work/forever"));
    vi.advanceTimersByTime(60_000);
    expect(await db.on(node).query("SELECT * FROM t")).toEqual([]);
    expect(await failure(node.request("work/forever", [], { timeoutMs: 20 }))).toMatchObject({
      code: "ERR_RUNAR_TIMEOUT",
    });
    node.logger.info("hello");
    await node.recorded.waitFor({ message: "hello" });
    await node.stop();
    expect(await patient).toMatchObject({ code: "ERR_RUNAR_STOPPED" });
  });
});

describe("fakeClock", () => {
  it("never goes back when several callers advance it", async () => {
    await using node = await createTestNode({ services: [work] });
    using clock = fakeClock();
    const calls = [100, 300].map((timeoutMs) =>
      failure(node.request("work/forever", [], { timeoutMs })),
    );
    await Promise.all([clock.advance(300), clock.advance(50)]);
    await Promise.all(calls);
    expect(await node.request<number>("work/left")).toBeGreaterThan(29_000);
    const late = failure(node.request("work/forever", [], { timeoutMs: 1 }));
    await clock.advance(1);
    expect(await late).toMatchObject({ code: "ERR_RUNAR_TIMEOUT" });
  });

  it("governs hooks, events and stops", async () => {
    const node = makeNode();
    node.addService({
      name: "hung",
      path: "hung",
      actions: work.actions,
      stop: () => new Promise(() => {}),
    });
    await node.start();
    using clock = fakeClock();
    const event = failure(node.once("never", { timeoutMs: 100 }));
    await node.publish("kept", 1, { retainMs: 50 });
    await clock.advance(100);
    expect(await event).toMatchObject({ code: "ERR_RUNAR_TIMEOUT" });
    const heard: unknown[] = [];
    node.on("kept", ({ value }) => heard.push(value), { includePastMs: 1_000 });
    expect(heard).toEqual([]);

    const call = failure(node.request("hung/forever"));
    const stopped = failure(node.stop({ drainMs: 10_000 }));
    await clock.advance(10_000);
    expect(await call).toMatchObject({ code: "ERR_RUNAR_STOPPED" });
    await clock.advance(30_000);
    expect(await stopped).toMatchObject({
      code: "ERR_RUNAR_STOP_FAILED",
      message: "hung: the stop hook failed: hung.stop(): no answer within 30000 ms",
    });
  });

  it("does not advance by itself", async () => {
    await using node = await createTestNode({ services: [work] });
    using _clock = fakeClock();
    let ended = false;
    const call = failure(node.request("work/forever", [], { timeoutMs: 1 })).finally(() => {
      ended = true;
    });
    await delay(30);
    expect(ended).toBe(false);
    await node.stop();
    await call;
  });

  it("allows one at a time and refuses use after restore", async () => {
    const clock = fakeClock();
    expect(thrown(fakeClock).message).toMatch(/is stopped already; restore it first/);
    expect((await failure(clock.advance(0))).message).toMatch(/^milliseconds: expected a number/);
    clock.restore();
    expect((await failure(clock.advance(1))).message).toMatch(/the clock has been restored/);
    fakeClock().restore();
  });
});

describe("recordLogs", () => {
  async function shopNode() {
    const logs = recordLogs();
    const node = makeNode({ logger: logs, logLevel: "debug" });
    node.addService({
      name: "shop",
      path: "shop",
      actions: {
        sell: (title: string, ctx: Context) =>
          ctx.logger.info(`sold: ${title}`, { title, tags: ["a"] }),
      },
    });
    await node.start();
    return { node, logs };
  }

  it("finds log records by a pattern", async () => {
    const { node, logs } = await shopNode();
    await node.request("shop/sell", ["Emma"], { requestId: "r-1" });
    await node.request("shop/sell", ["Persuasion"]);
    await logs.waitFor({ message: "sold: Persuasion" });
    const messages = (match: Parameters<typeof logs.filter>[0]) =>
      logs.filter(match).map(({ message }) => message);
    expect(messages({ service: "shop" })).toEqual(["sold: Emma", "sold: Persuasion"]);
    expect(messages({ action: "sell", requestId: "r-1" })).toEqual(["sold: Emma"]);
    expect(messages({ message: /pers/i, level: "info" })).toEqual(["sold: Persuasion"]);
    expect(messages({ fields: { title: "Emma", tags: ["a"] } })).toEqual(["sold: Emma"]);
    expect(messages({ fields: { tags: ["b"] } })).toEqual([]);
    expect(messages(({ seq }) => seq === logs.records.at(-1)?.seq)).toEqual(["sold: Persuasion"]);
    expect(logs.find({ level: "error" })).toBeUndefined();
    // @ts-expect-error: no such key
    expect(thrown(() => logs.find({ servce: "shop" })).message).toBe(
      "match.servce: unknown key, did you mean service?",
    );
    logs.clear();
    expect(logs.records).toEqual([]);
  });

  it("waits for a record", async () => {
    const { node, logs } = await shopNode();
    const waiting = logs.waitFor({ message: /Emma$/ });
    await node.request("shop/sell", ["Emma"]);
    expect(await waiting).toMatchObject({ service: "shop", fields: { title: "Emma" } });
  });

  it("times out in real time and lists the records that came", async () => {
    const { node, logs } = await shopNode();
    logs.clear();
    expect((await failure(logs.waitFor(() => false, { timeoutMs: 1 }))).message).toBe(
      "no log record () => false within 1 ms; none has come",
    );
    await node.request("shop/sell", ["Emma"]);
    await logs.waitFor({ message: "sold: Emma" });
    using _clock = fakeClock();
    vi.useFakeTimers();
    const error = await failure(
      logs.waitFor({ level: "warn", message: /^sold out/ }, { timeoutMs: 10 }),
    );
    expect(error.message).toBe(
      'no log record {"level":"warn","message":"/^sold out/"} within 10 ms; the last 1 were:\n  info shop/sell: sold: Emma',
    );
  });
});

describe.each(lanes)("mockService, %s lane", (localCalls) => {
  const stock = defineService({
    name: "stock",
    path: "stock",
    timeoutMs: 50,
    start: () => {
      throw new Error("the real one needs a database");
    },
    actions: {
      take: async (isbn: string, count: number, ctx: Context) => {
        ctx.logger.debug(isbn);
        return count;
      },
      price: {
        params: ["isbn", "currency"],
        handler: (isbn: string, currency = "EUR") => `${isbn}: 7 ${currency}`,
      },
      order: defineAction({
        input: z.object({ isbn: z.string(), count: z.coerce.number() }),
        handler: ({ count }) => ({ count }),
      }),
      "books/{isbn}": (ctx: Context) => ({ isbn: ctx.params.isbn }),
    },
  });

  it("returns the given answers and records calls", async () => {
    const mock = mockService(stock, {
      take: (isbn, count) => (isbn === "emma" ? count - 1 : Promise.resolve(0)),
      price: (isbn, currency) => `${isbn} ${currency}`,
      order: ({ count }) => ({ count: count + 1 }),
      "books/{isbn}": (ctx) => ({ isbn: ctx.params.isbn?.toUpperCase() }),
    });
    await using node = await createTestNode({ services: [mock], localCalls });
    const client = node.client<typeof mock>("stock");
    expect(await client.take("emma", 3)).toBe(2);
    expect(await client.take("other", 3)).toBe(0);
    expect(await node.request("stock/price", { isbn: "emma" })).toBe("emma undefined");
    expect(await client.order({ isbn: "emma", count: "4" })).toEqual({ count: 5 });
    expect(await node.request("stock/books/emma")).toEqual({ isbn: "EMMA" });

    expect(mock.callsOf("take")).toEqual([
      ["emma", 3],
      ["other", 3],
    ]);
    expectTypeOf(mock.callsOf("take")).toEqualTypeOf<[isbn: string, count: number][]>();
    expect(mock.calls.map(({ action, path, args }) => [action, path, args])).toEqual([
      ["take", "stock/take", ["emma", 3]],
      ["take", "stock/take", ["other", 3]],
      ["price", "stock/price", ["emma", undefined]],
      ["order", "stock/order", [{ isbn: "emma", count: 4 }]],
      ["books/{isbn}", "stock/books/emma", []],
    ]);
  });

  it("refuses calls that the real service refuses, without recording them", async () => {
    const mock = mockService(stock, { take: () => 1 });
    await using node = await createTestNode({ services: [mock], localCalls });
    for (const [path, payload] of [
      ["take", ["emma", 1, {}]],
      ["price", {}],
      ["order", { isbn: 7 }],
    ] as const) {
      expect(await failure(node.request(`stock/${path}`, payload))).toMatchObject({
        code: "ERR_RUNAR_INVALID_ARGUMENT",
      });
    }
    expect(mock.calls).toEqual([]);
  });

  it("names actions without a mock", async () => {
    const mock = mockService(stock);
    await using node = await createTestNode({ services: [mock], localCalls });
    expect(await failure(node.request("stock/take", ["emma", 1]))).toMatchObject({
      code: "ERR_RUNAR_ACTION",
      message: "stock/take: the mock of stock has no take: give mockService() one",
    });
    expect(mock.callsOf("take")).toEqual([["emma", 1]]);
  });

  it("keeps the timeout of the real service, and its actions can fail", async () => {
    const mock = mockService(stock, {
      take: (isbn) => {
        if (isbn === "emma") throw new RangeError("none left");
        return new Promise(() => {});
      },
    });
    await using node = await createTestNode({ services: [mock], localCalls });
    expect(await failure(node.request("stock/take", ["emma", 1]))).toMatchObject({
      cause: expect.any(RangeError),
    });
    expect((await failure(node.request("stock/take", ["other", 1]))).message).toBe(
      "stock/take: no answer within 50 ms",
    );
  });

  it("knows the actions and their types", () => {
    // @ts-expect-error: a misspelt action
    expect(thrown(() => mockService(stock, { tke: () => 1 })).message).toBe(
      "implementations.tke: unknown key, did you mean take?",
    );
    // @ts-expect-error: a result of another type
    mockService(stock, { take: () => "three" });
    expectTypeOf(new Node().client<typeof stock>("stock")).toEqualTypeOf(
      new Node().client<ReturnType<typeof mockService<(typeof stock)["actions"]>>>("stock"),
    );
    const misfit = { name: "x", path: "a/b", actions: {} };
    expect(thrown(() => mockService(misfit)).code).toBe("ERR_RUNAR_SERVICE_DEFINITION");
  });
});
