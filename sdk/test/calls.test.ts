import { ActionError, type Context, defineService, type RunarError, TimeoutError } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { deferred, failure, type Lane, lanes, makeNode, stopNodes } from "./support.js";

afterEach(stopNodes);

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const mathService = defineService({
  name: "math-service",
  path: "math",
  actions: {
    add: (a: number, b: number, ctx: Context) => {
      ctx.logger.debug("from the JS/TS side!");
      return a + b;
    },
    double: async (a: number) => a * 2,
    pi: () => Math.PI,
    echo: (value: unknown) => value,
    throws: () => {
      throw new TypeError("no");
    },
    rejects: async () => {
      await null;
      throw new RangeError("out");
    },
    throwsText: () => {
      throw "just text";
    },
    throwsTyped: () => {
      throw new TimeoutError("ERR_RUNAR_TIMEOUT", "mine", { details: { a: 1 } });
    },
    never: () => new Promise(() => undefined),
    block: (ms: number) => {
      const end = performance.now() + ms;
      while (performance.now() < end);
      return "blocked";
    },
    sleep: async (ms: number) => {
      await sleep(ms);
      return ms;
    },
    fn: () => () => 1,
    fibonacci: async (n: number, ctx: Context): Promise<number> =>
      n < 2
        ? n
        : (await ctx.request<number>("math/fibonacci", [n - 1])) +
          (await ctx.request<number>("math/fibonacci", [n - 2])),
  },
});

async function startNode(localCalls: Lane, requestTimeoutMs?: number) {
  const node = makeNode(
    requestTimeoutMs === undefined ? { localCalls } : { localCalls, requestTimeoutMs },
  );
  node.addService(mathService);
  await node.start();
  return node;
}

describe.each(lanes)("a call on the %s lane", (lane) => {
  it("is answered by a plain function, sync or async", async () => {
    const node = await startNode(lane);
    expect(await node.request("math/add", [2, 3])).toBe(5);
    expect(await node.request("math/double", [4])).toBe(8);
    expect(await node.request("math/pi")).toBe(Math.PI);
  });

  it("can be made through a typed client", async () => {
    const node = await startNode(lane);
    const math = node.client<typeof mathService>("math");
    const sum: number = await math.add(2, 3);
    const doubled: number = await math.double(sum);
    expect(doubled).toBe(10);
    expect(math.add).toBe(math.add);
  });

  it("returns a client from an async function without calling an action named then", async () => {
    const node = await startNode(lane);
    const math = await (async () => node.client<typeof mathService>("math"))();
    expect(await math.pi()).toBe(Math.PI);
  });

  it.each([
    [undefined],
    [null],
    [true],
    [0],
    [-0],
    [1.5],
    [2 ** 53],
    [Number.NaN],
    [Number.NEGATIVE_INFINITY],
    ["text"],
    ["ü€😀"],
    ["x".repeat(100_000)],
    [[1, [2, "a"]]],
    [{ b: 1, a: { c: null } }],
    [new Uint8Array([1, 2, 255])],
    [{ nested: [new Uint8Array([7])], at: Number.NaN }],
    [{ ["__proto__"]: 1 }],
    [12345678901234567890n],
    [-5n],
    [{ gone: undefined }],
  ])("passes %o unchanged", async (value) => {
    const node = await startNode(lane);
    const back = await node.request("math/echo", [value, ""].slice(0, 1));
    expect(back).toStrictEqual(value);
    if (typeof value === "object" && value !== null) {
      expect(Object.keys(back as object)).toEqual(Object.keys(value));
    }
  });

  it("refuses an array with more items than the handler has arguments", async () => {
    const node = await startNode(lane);
    const error = await failure(node.request("math/add", [1, 2, 3, 4]));
    expect(error).toMatchObject({
      name: "InvalidArgumentError",
      code: "ERR_RUNAR_INVALID_ARGUMENT",
    });
    expect(error.message).toBe(
      "math/add: the handler takes at most 2 arguments; the payload has 4",
    );
  });

  it("fails with NotFoundError for an unknown path", async () => {
    const node = await startNode(lane);
    const error = await failure(node.request("math/nope"));
    expect(error).toMatchObject({ name: "NotFoundError", code: "ERR_RUNAR_NOT_FOUND" });
    expect(error.message).toBe("math/nope: no service has this action");
  });

  it("fails with ActionError whose cause is the thrown value", async () => {
    const node = await startNode(lane);
    for (const [action, cause, text] of [
      ["throws", TypeError, "no"],
      ["rejects", RangeError, "out"],
    ] as const) {
      const error = await failure(node.request(`math/${action}`));
      expect(error).toBeInstanceOf(ActionError);
      expect(error.code).toBe("ERR_RUNAR_ACTION");
      expect(error.message).toBe(`math/${action}: ${text}`);
      expect(error.cause).toBeInstanceOf(cause);
    }
    const error = await failure(node.request("math/throwsText"));
    expect(error.message).toBe("math/throwsText: just text");
    expect(error.cause).toBe("just text");
  });

  it("rejects with the RunarError that the handler throws", async () => {
    const node = await startNode(lane);
    const error = await failure(node.request("math/throwsTyped"));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ message: "mine", details: { a: 1 }, retryable: true });
  });

  it("names its caller in the stack of an asynchronous failure", async () => {
    const node = await startNode(lane);
    async function theCaller() {
      await node.request("math/rejects");
    }
    const error = await failure(theCaller());
    expect(error.stack).toMatch(/theCaller/);
    expect((error.cause as Error).stack).toMatch(/calls\.test\.ts/);
  });

  it("times out at its deadline and aborts ctx.signal with the same error", async () => {
    const node = await startNode(lane);
    const reason = deferred<unknown>();
    await node.addService({
      name: "w",
      path: "w",
      actions: {
        wait(ctx: Context) {
          ctx.signal.addEventListener("abort", () => reason.resolve(ctx.signal.reason));
          return new Promise(() => undefined);
        },
      },
    });
    const error = await failure(node.request("w/wait", undefined, { timeoutMs: 20 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toBe("w/wait: no answer within 20 ms");
    expect(await reason.promise).toBe(error);
  });

  it("uses the request timeout of the node by default", async () => {
    const node = await startNode(lane, 30);
    expect((await failure(node.request("math/never"))).message).toBe(
      "math/never: no answer within 30 ms",
    );
  });

  it("is limited by the deadline of the calling handler", async () => {
    const node = await startNode(lane);
    const nested = deferred<RunarError>();
    await node.addService({
      name: "n",
      path: "n",
      actions: {
        async outer(ctx: Context) {
          nested.resolve(await failure(ctx.request("math/never", [], { timeoutMs: 60_000 })));
        },
      },
    });
    await failure(node.request("n/outer", undefined, { timeoutMs: 40 }));
    expect((await nested.promise).code).toBe("ERR_RUNAR_TIMEOUT");
  });

  it("uses the timeout of the config unless an option overrides it", async () => {
    for (const [options, timeoutMs] of [
      [{}, 25],
      [{ requestTimeoutMs: 35 }, 35],
    ] as const) {
      const node = makeNode({ localCalls: lane, ...options }, { request_timeout_ms: 25 });
      node.addService(mathService);
      await node.start();
      const error = await failure(node.request("math/never"));
      expect(error.message).toBe(`math/never: no answer within ${timeoutMs} ms`);
    }
  });

  it("gives its handler a deadline, which limits nested calls", async () => {
    const node = await startNode(lane);
    await node.addService({
      name: "d",
      path: "d",
      actions: {
        async outer(ctx: Context) {
          return [ctx.deadline, await ctx.request<number>("d/inner", [], { timeoutMs: 60_000 })];
        },
        inner: (ctx: Context) => ctx.deadline,
      },
    });
    const latest = Date.now() + 1_000;
    const call = node.request<[number, number]>("d/outer", [], { timeoutMs: 900 });
    const [outer, inner] = await call;
    for (const deadline of [outer, inner]) {
      expect(deadline).toBeGreaterThan(Date.now());
      expect(deadline).toBeLessThan(latest);
    }
  });

  it("rejects with the reason of the signal when the signal aborts", async () => {
    const node = await startNode(lane);
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const call = node.request("math/never", undefined, { signal: controller.signal });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect(node.request("math/never", undefined, { signal: controller.signal })).rejects.toBe(
      reason,
    );
  });

  it("refuses unknown options by name", async () => {
    const node = await startNode(lane);
    // @ts-expect-error: the key is misspelt
    const error = await failure(node.request("math/pi", [], { timeout: 5 }));
    expect(error.message).toBe("options.timeout: unknown key, did you mean timeoutMs?");
  });

  it("returns an answer that is ready although a blocked thread missed the deadline", async () => {
    const node = await startNode(lane);
    const sleeping = node.request("math/sleep", [100]);
    expect(await node.request("math/block", [1000])).toBe("blocked");
    expect(await sleeping).toBe(100);
  });

  it("can recurse into its own service to any depth", async () => {
    const node = await startNode(lane);
    expect(await node.request("math/fibonacci", [12])).toBe(144);
  });

  it("returns the right answer for each of 10,000 concurrent calls", async () => {
    const node = await startNode(lane);
    const calls = Array.from({ length: 10_000 }, (_, index) =>
      index % 3 === 0
        ? node.request("math/sleep", [1]).then(() => index)
        : node.request("math/add", [index, 0]),
    );
    expect(await Promise.all(calls)).toEqual(calls.map((_, index) => index));
  });

  it("passes log lines of the handler to the sink", async () => {
    const node = await startNode(lane);
    node.setLogLevel("debug", { component: "Service" });
    await node.request("math/add", [2, 3]);
    const record = node.records.find((record) => record.message === "from the JS/TS side!");
    expect(record).toMatchObject({
      level: "debug",
      service: "math",
      action: "add",
      nodeId: node.id,
    });
  });
});

describe.each(lanes)("results and failures of handlers on the %s lane", (lane) => {
  it.each<[string, () => unknown]>([
    [
      "an error whose message cannot be read",
      () => {
        throw Object.defineProperty(new Error("x"), "message", {
          get: () => {
            throw new Error("getter");
          },
        });
      },
    ],
    [
      "a revoked proxy",
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        throw proxy;
      },
    ],
    [
      "an error with details that JSON cannot represent",
      () => {
        throw new TimeoutError("ERR_RUNAR_TIMEOUT", "m", { details: { big: 1n } });
      },
    ],
    [
      "nothing",
      () => {
        throw undefined;
      },
    ],
    [
      "a thenable that throws",
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
        then() {
          throw new Error("then");
        },
      }),
    ],
    [
      "a getter named then that throws",
      () =>
        // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
        Object.defineProperty({}, "then", {
          get: () => {
            throw new Error("then");
          },
        }),
    ],
  ])("%s: the caller gets a RunarError and the node continues", async (_, handler) => {
    const node = await startNode(lane);
    await node.addService({ name: "o", path: "o", actions: { odd: handler } });
    expect((await failure(node.request("o/odd"))).code).toMatch(/^ERR_RUNAR_(ACTION|TIMEOUT)$/);
    expect(await node.request("math/add", [2, 3])).toBe(5);
  });
});

describe("differences between the lanes", () => {
  it("direct passes references, native copies", async () => {
    const value = { a: 1 };
    const [direct, native] = [await startNode("direct"), await startNode("native")];
    expect(await direct.request("math/echo", [value])).toBe(value);
    const copy = await native.request("math/echo", [value]);
    expect(copy).not.toBe(value);
    expect(copy).toEqual(value);
  });

  it("native refuses unsupported values with their path and answers the next call", async () => {
    const node = await startNode("native");
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    for (const [value, message] of [
      [[() => 1], "payload[0]: a function cannot cross"],
      [{ a: [{ when: new Date(0) }] }, /^payload\.a\[0\]\.when: a Date cannot cross/],
      [[2n ** 64n], /^payload\[0\]: the bigint fits neither i64 nor u64/],
      [[Symbol("s")], "payload[0]: a symbol cannot cross"],
      [cyclic, /^payload\.self: leads back to payload; a cycle cannot cross$/],
    ] as const) {
      const error = await failure(node.request("math/echo", value));
      expect(error).toMatchObject({ name: "ValueError", code: "ERR_RUNAR_VALUE" });
      expect(error.message).toMatch(message);
    }
    expect((await failure(node.request("math/fn"))).message).toBe(
      "result: a function cannot cross; leave it out",
    );
    expect(await node.request("math/pi")).toBe(Math.PI);
  });
});
