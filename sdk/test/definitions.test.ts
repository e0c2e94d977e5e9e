import {
  ActionError,
  type Context,
  defineAction,
  defineEvent,
  defineService,
  type Event,
  OverloadError,
} from "runar-ts";
import { afterEach, describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { deferred, failure, lanes, makeNode, stopNodes, thrown } from "./support.js";

afterEach(stopNodes);

const order = z.object({ isbn: z.string().min(1), count: z.number().int().positive() });

const shop = defineService({
  name: "shop",
  path: "shop",
  timeoutMs: 5_000,
  actions: {
    named: {
      params: ["isbn", "count"],
      handler: (isbn: string, count = 1, ctx?: Context) => [isbn, count, ctx?.path],
    },
    price: {
      params: ["isbn", "count"],
      handler: (isbn: string, count: number, ctx: Context) => [isbn, count, ctx.path],
    },
    rest: { params: ["first", "second"], handler: (...all: unknown[]) => all.length },
    order: defineAction({
      input: order,
      handler: (given, ctx) => [given.isbn, given.count, ctx.path],
    }),
    sum: defineAction({
      input: z.array(z.number()),
      output: z.number(),
      handler: (numbers) => numbers.reduce((sum, next) => sum + next, 0),
    }),
    lowercase: defineAction({
      input: z.string().transform((text) => text.toLowerCase()),
      handler: (text) => text,
    }),
    later: defineAction({
      input: z.string().refine(async (text) => text !== "bad"),
      handler: async (text) => text,
    }),
    broken: { output: z.string(), handler: () => 5 as unknown as string },
    "items/{id}": (ctx: Context) => ctx.params.id,
    "items/{id}/parts/{part}": (ctx: Context) => ({ ...ctx.params, path: ctx.path }),
    "items/first": () => "the first",
  },
});

describe.each(lanes)("a definition on the %s lane", (localCalls) => {
  async function start() {
    const node = makeNode({ localCalls });
    node.addService(shop);
    await node.start();
    return { node, client: node.client<typeof shop>("shop") };
  }

  it("params: maps objects by name and arrays by position", async () => {
    const { node, client } = await start();
    expect(await node.request("shop/price", { count: 2, isbn: "x" })).toEqual([
      "x",
      2,
      "shop/price",
    ]);
    expect(await node.request("shop/price", ["x", 2])).toEqual(["x", 2, "shop/price"]);
    expect(await client.price("x", 2)).toEqual(["x", 2, "shop/price"]);
  });

  it("params: allows defaults to be omitted and passes the context last", async () => {
    const { node } = await start();
    expect(await node.request("shop/named", { isbn: "x" })).toEqual(["x", 1, "shop/named"]);
    expect(await node.request("shop/named", ["x"])).toEqual(["x", 1, "shop/named"]);
    // A rest parameter has arguments only.
    expect(await node.request("shop/rest", [])).toBe(2);
  });

  it.each<[unknown, string]>([
    [{ isbn: "x" }, "; count is missing"],
    [{ isbn: "x", count: 1, cuont: 1 }, "; there is no cuont"],
    [["x"], ", got an array of 1"],
    [["x", 1, 2], ", got an array of 3"],
    ["x", ", got one value"],
    [undefined, ", got an array of 0"],
  ])("params: refuses %j and states what was expected", async (payload, problem) => {
    const { node } = await start();
    const error = await failure(node.request("shop/price", payload));
    expect(error.code).toBe("ERR_RUNAR_INVALID_ARGUMENT");
    expect(error.message).toBe(
      `shop/price: expected { isbn, count } or an array in that order${problem}`,
    );
  });

  it("input: passes the schema's output to the handler", async () => {
    const { node, client } = await start();
    expect(await node.request("shop/order", { isbn: "x", count: 2 })).toEqual([
      "x",
      2,
      "shop/order",
    ]);
    expect(await client.order({ isbn: "x", count: 2 })).toEqual(["x", 2, "shop/order"]);
    expect(await client.lowercase("ABC")).toBe("abc");
    expect(await client.later("good")).toBe("good");
    expect(await client.sum([1, 2, 3])).toBe(6);
    expect(await client.sum([5])).toBe(5);
  });

  it("input: fails with InvalidArgumentError and every issue", async () => {
    const { node, client } = await start();
    const error = await failure(node.request("shop/order", { isbn: "", count: 0.5 }));
    expect(error).toMatchObject({
      name: "InvalidArgumentError",
      code: "ERR_RUNAR_INVALID_ARGUMENT",
    });
    expect(error.message).toMatch(/^shop\/order: payload\.isbn: .+; payload\.count: .+/);
    expect(
      (error.details as { issues: { path: string }[] }).issues.map((issue) => issue.path),
    ).toContain("payload.isbn");
    expect((await failure(client.later("bad"))).code).toBe("ERR_RUNAR_INVALID_ARGUMENT");
  });

  it("output: fails with ActionError and ERR_RUNAR_INVALID_RESULT", async () => {
    const { client } = await start();
    const error = await failure(client.broken());
    expect(error).toBeInstanceOf(ActionError);
    expect(error.code).toBe("ERR_RUNAR_INVALID_RESULT");
    expect(error.message).toMatch(/^shop\/broken: result: /);
  });

  it("templates: puts variable parts into ctx.params and prefers plain paths", async () => {
    const { node } = await start();
    expect(await node.request("shop/items/42")).toBe("42");
    expect(await node.request("shop/items/ü x")).toBe("ü x");
    expect(await node.request("shop/items/first")).toBe("the first");
    expect(await node.request("shop/items/7/parts/9")).toEqual({
      id: "7",
      part: "9",
      path: "shop/items/7/parts/9",
    });
    expect((await failure(node.request("shop/items"))).code).toBe("ERR_RUNAR_NOT_FOUND");
  });

  it("timeoutMs: the call overrides the action, the service and the node", async () => {
    const never = () => new Promise(() => undefined);
    const node = makeNode({ localCalls, requestTimeoutMs: 40 });
    node.addService({
      name: "t",
      path: "t",
      timeoutMs: 30,
      actions: { service: never, action: { timeoutMs: 20, handler: never } },
    });
    node.addService({ name: "n", path: "n", actions: { node: never } });
    await node.start();
    const client = node.client<{ actions: { action: () => Promise<unknown> } }>("t");
    const messages = await Promise.all(
      [
        node.request("n/node"),
        node.request("t/service"),
        node.request("t/action"),
        node.request("t/action", [], { timeoutMs: 10 }),
        client.action.with({ timeoutMs: 15 })(),
      ].map(async (call) => (await failure(call)).message),
    );
    expect(messages).toEqual([
      "n/node: no answer within 40 ms",
      "t/service: no answer within 30 ms",
      "t/action: no answer within 20 ms",
      "t/action: no answer within 10 ms",
      "t/action: no answer within 15 ms",
    ]);
  });
});

describe.each(lanes)("concurrency on the %s lane", (localCalls) => {
  function gated(options: { concurrency: number; queue?: number }) {
    const gates: ReturnType<typeof deferred<void>>[] = [];
    const node = makeNode({ localCalls });
    node.addService({
      name: "c",
      path: "c",
      actions: {
        work: {
          ...options,
          handler: async (name: string, ctx: Context) => {
            const gate = deferred<void>();
            gates.push(gate);
            await gate.promise;
            return ctx.path === "c/work" && name;
          },
        },
      },
    });
    return { node, gates };
  }

  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it("runs calls up to the limit and queues the others in order", async () => {
    const { node, gates } = gated({ concurrency: 2 });
    await node.start();
    const calls = ["a", "b", "c", "d"].map((name) => node.request("c/work", [name]));
    await turn();
    expect(gates).toHaveLength(2);
    gates[0]?.resolve();
    expect(await calls[0]).toBe("a");
    await turn();
    expect(gates).toHaveLength(3);
    for (const gate of gates) gate.resolve();
    await calls[2];
    await turn();
    gates[3]?.resolve();
    expect(await Promise.all(calls)).toEqual(["a", "b", "c", "d"]);
  });

  it("refuses calls beyond the queue with a retryable OverloadError", async () => {
    const { node, gates } = gated({ concurrency: 1, queue: 1 });
    await node.start();
    const [first, second] = [node.request("c/work", ["1"]), node.request("c/work", ["2"])];
    const error = await failure(node.request("c/work", ["3"]));
    expect(error).toBeInstanceOf(OverloadError);
    expect(error).toMatchObject({ code: "ERR_RUNAR_OVERLOAD", retryable: true });
    expect(error.message).toBe("c/work: 1 calls are running and 1 are waiting");
    await turn();
    gates[0]?.resolve();
    await first;
    await turn();
    gates[1]?.resolve();
    expect(await second).toBe("2");
  });

  it("never runs a queued call that has timed out, and frees its place", async () => {
    const { node, gates } = gated({ concurrency: 1, queue: 1 });
    await node.start();
    const first = node.request("c/work", ["1"]);
    expect((await failure(node.request("c/work", ["2"], { timeoutMs: 20 }))).code).toBe(
      "ERR_RUNAR_TIMEOUT",
    );
    const third = node.request("c/work", ["3"]);
    await turn();
    gates[0]?.resolve();
    await first;
    await turn();
    expect(gates).toHaveLength(2);
    gates[1]?.resolve();
    expect(await third).toBe("3");
  });

  it("keeps the place of a handler that outlasts its deadline until it settles", async () => {
    const { node, gates } = gated({ concurrency: 1 });
    await node.start();
    await failure(node.request("c/work", ["1"], { timeoutMs: 20 }));
    const second = node.request("c/work", ["2"]);
    await turn();
    expect(gates).toHaveLength(1);
    gates[0]?.resolve();
    await turn();
    await turn();
    gates[1]?.resolve();
    expect(await second).toBe("2");
  });
});

describe("an invalid action is refused by path", () => {
  const handler = (a: unknown, ctx: Context) => [a, ctx];
  it.each<[string, unknown, string]>([
    [
      "a default parameter",
      (a: number, b = 2) => a + b,
      "service.actions.x: has default or rest parameters, so its arguments need names: declare params",
    ],
    [
      "a rest parameter",
      (...all: number[]) => all,
      "service.actions.x: has default or rest parameters, so its arguments need names: declare params",
    ],
    [
      "a default in a pattern with a default",
      ({ a } = { a: 1 }) => a,
      "service.actions.x: has default or rest parameters, so its arguments need names: declare params",
    ],
    [
      "an unknown key",
      { handler, concurency: 1 },
      "service.actions.x.concurency: unknown key, did you mean concurrency?",
    ],
    ["no handler", {}, "service.actions.x.handler: expected a function, got undefined"],
    [
      "params that are not an array",
      { handler, params: "a" },
      "service.actions.x.params: expected an array of names, got a string",
    ],
    [
      "a param that is not a name",
      { handler, params: [1] },
      "service.actions.x.params: expected an array of names, got an array",
    ],
    [
      "a duplicate param",
      { handler, params: ["a", "a"] },
      "service.actions.x.params: names a twice",
    ],
    [
      "too few params",
      { handler: (a: 1, b: 2, ctx: Context) => [a, b, ctx], params: ["a"] },
      "service.actions.x.params: has 1 names; the handler takes 2 and a context",
    ],
    [
      "missing params",
      { handler: (a = 1) => a },
      "service.actions.x: has default or rest parameters, so its arguments need names: declare params",
    ],
    [
      "an input that is not a schema",
      { handler, input: {} },
      "service.actions.x.input: expected a Standard Schema (zod, valibot, arktype, …), got an object",
    ],
    [
      "an output that is not a schema",
      { handler, output: 5 },
      "service.actions.x.output: expected a Standard Schema (zod, valibot, arktype, …), got a number",
    ],
    [
      "a timeout of 0",
      { handler, timeoutMs: 0 },
      "service.actions.x.timeoutMs: expected a number of milliseconds above 0, got 0",
    ],
    [
      "a concurrency of 0",
      { handler, concurrency: 0 },
      "service.actions.x.concurrency: expected a whole number from 1 on, got 0",
    ],
    [
      "a concurrency of 1.5",
      { handler, concurrency: 1.5 },
      "service.actions.x.concurrency: expected a whole number from 1 on, got 1.5",
    ],
    [
      "a queue below 0",
      { handler, queue: -1 },
      "service.actions.x.queue: expected a whole number from 0 on, got -1",
    ],
    ["null", null, "service.actions.x: expected a function, or an object with a handler, got null"],
  ])("%s", (_, action, message) => {
    const definition = { name: "a", path: "a", actions: { x: action } };
    const error = thrown(() => makeNode().addService(definition as never));
    expect(error.code).toBe("ERR_RUNAR_SERVICE_DEFINITION");
    expect(error.message).toBe(message);
  });

  it.each([
    [
      "an equals sign inside a pattern",
      ({ a = 1, b = [2] }: { a?: number; b?: number[] }) => [a, b],
    ],
    [
      "an equals sign in the body",
      (a: number) => {
        const b = a;
        return b;
      },
    ],
    [
      "one parameter without parentheses",
      Function("return a => { const f = (x = 1) => x; return f(a); }")(),
    ],
    ["a comment", Function("return function (a /* b = 1 */) { return a; }")()],
    ["a bound function without parameters", (() => 1).bind(null)],
  ])("accepts %s", (_, handler) => {
    expect(() =>
      makeNode().addService({ name: "a", path: "a", actions: { handler } }),
    ).not.toThrow();
  });
});

describe.each(lanes)("inside a handler on the %s lane", (localCalls) => {
  it("has typed clients and topics that belong to the same call", async () => {
    const node = makeNode({ localCalls });
    const heard: unknown[] = [];
    node.addService(shop);
    node.addService({
      name: "till",
      path: "till",
      actions: {
        async sell(isbn: string, ctx: Context) {
          const [sold] = await ctx.client<typeof shop>("shop").order({ isbn, count: 1 });
          await ctx.topics<{ "till/sold": { isbn: string } }>().publish("till/sold", { isbn });
          return sold;
        },
      },
      events: {
        "till/sold": (event: Event<{ isbn: string }>) => heard.push(event.value.isbn),
      },
    });
    await node.start();
    expect(await node.request("till/sell", ["x"])).toBe("x");
    expect(heard).toEqual(["x"]);
  });
});

describe("types follow the definition", () => {
  it("schemas type the payload and the result", () => {
    const client = makeNode().client<typeof shop>("shop");
    expectTypeOf(client.order).parameter(0).toEqualTypeOf<{ isbn: string; count: number }>();
    expectTypeOf(client.sum).returns.toEqualTypeOf<Promise<number>>();
    expectTypeOf(client.price).parameters.toEqualTypeOf<[isbn: string, count: number]>();
    const never = () => {
      // @ts-expect-error: the schema wants a number
      client.order({ isbn: "x", count: "2" });
      // @ts-expect-error: an action with variable parts is called by its path
      client["items/{id}"]();
      // @ts-expect-error: no such option
      client.sum.with({ timeout: 1 });
      // @ts-expect-error: the handler does not take what the schema gives
      defineAction({ input: z.string(), handler: (n: number) => n });
      // @ts-expect-error: the handler of an event neither
      defineEvent({ input: z.string(), handler: (event: Event<number>) => event.value });
    };
    defineEvent({
      input: z.object({ id: z.number() }),
      handler: ({ value }, { requestId }) => {
        expectTypeOf(value).toEqualTypeOf<{ id: number }>();
        expectTypeOf(requestId).toBeString();
      },
    });
    expectTypeOf(never).toBeFunction();
  });
});
