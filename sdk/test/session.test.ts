/** Calls between two SDK nodes, which behave like local calls. */

import {
  type Caller,
  type Context,
  Network,
  NotFoundError,
  OverloadError,
  RunarError,
  TimeoutError,
} from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { addressOf, nodeOf, pair, quick } from "./members.js";
import { deferred, failure, stopNodes } from "./support.js";

afterEach(stopNodes);

/** Two nodes, the second with a service of these actions. */
async function pairWith(
  actions: Record<string, (...args: never[]) => unknown>,
  config: object = {},
) {
  const { a, b } = await pair({}, {}, config);
  await b.addService({ name: "there", path: "there", actions: actions as never });
  await a.waitForService("there", quick);
  return { a, b };
}

describe("a call", () => {
  it("does not delay others, and answers arrive in any order", async () => {
    const gate = deferred<string>();
    const { a } = await pairWith({ slow: () => gate.promise, fast: () => "fast" });
    const slow = a.request("there/slow");
    for (let index = 0; index < 20; index++) expect(await a.request("there/fast")).toBe("fast");
    gate.resolve("slow");
    expect(await slow).toBe("slow");
  });

  it("carries its caller, request id and trace", async () => {
    const { a } = await pairWith({
      tell: (_: unknown, ctx: Context) => ({
        peer: ctx.peer,
        requestId: ctx.requestId,
        traceparent: ctx.traceparent,
        left: ctx.deadline - Date.now(),
      }),
    });
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const options = { requestId: "order-7", traceparent, timeoutMs: 5_000 };
    const told = await a.request<Record<string, unknown>>("there/tell", null, options);
    expect(told).toMatchObject({
      peer: { id: a.id, authenticated: true },
      requestId: "order-7",
      traceparent,
    });
    expect(told.left).toBeGreaterThan(1_000);
    // Deadlines do not use the wall clock.
    expect(told.left).toBeLessThanOrEqual(5_050);
  });

  it("from the same node has no peer", async () => {
    const { a } = await pair();
    const actions = { peer: (_: unknown, ctx: Context) => ctx.peer };
    await a.addService({ name: "here", path: "here", actions });
    expect(await a.request("here/peer")).toBe(undefined);
  });

  it("aborts the signal of the handler when it is aborted", async () => {
    const started = deferred<AbortSignal>();
    const { a } = await pairWith({
      wait: (_: unknown, ctx: Context) => {
        started.resolve(ctx.signal);
        return new Promise(() => undefined);
      },
    });
    const controller = new AbortController();
    const call = a
      .request("there/wait", null, { signal: controller.signal })
      .catch((error: Error) => error.message);
    const signal = await started.promise;
    const fired = new Promise((resolve) => signal.addEventListener("abort", resolve));
    controller.abort(new Error("enough"));
    expect(await call).toBe("enough");
    await fired;
    expect(signal.reason.name).toBe("AbortError");
  });

  it("is limited by the deadline of its caller", async () => {
    const ended = deferred<unknown>();
    const { a } = await pairWith({
      wait: (_: unknown, ctx: Context) =>
        new Promise(() => {
          ctx.signal.addEventListener("abort", () => ended.resolve(ctx.signal.reason));
        }),
    });
    const error = await failure(a.request("there/wait", null, { timeoutMs: 50 }));
    expect(error).toBeInstanceOf(TimeoutError);
    await ended.promise;
  });

  it("fails with the class, code, details and cause of the remote failure", async () => {
    const { a, b } = await pairWith({
      nested: (_: unknown, ctx: Context) => ctx.request("nobody/has"),
      throws: () => {
        throw new TypeError("no such book");
      },
      typed: (_: unknown, ctx: Context) => ctx.request("there/slow", null, { timeoutMs: 1 }),
      slow: () => new Promise(() => undefined),
    });
    const nested = await failure(a.request("there/nested"));
    expect(nested).toBeInstanceOf(NotFoundError);
    expect(nested).toMatchObject({ message: "nobody/has: no service has this action" });
    expect(nested.details).toEqual({ path: "nobody/has" });
    const thrown = await failure(a.request("there/throws"));
    expect(thrown).toMatchObject({
      code: "ERR_RUNAR_ACTION",
      message: "there/throws: no such book",
    });
    expect(thrown.cause).toMatchObject({ name: "TypeError", message: "no such book" });
    const late = await failure(a.request("there/typed"));
    expect([late.name, (late as RunarError).retryable]).toEqual(["TimeoutError", true]);
    // The remote stack is not part of the error by default.
    expect(JSON.stringify([thrown.stack, (thrown.cause as Error).stack])).not.toContain("pairWith");
    expect(b.id).not.toBe(a.id);
  });

  it("fails with the whole chain of causes", async () => {
    const chain = (length: number): Error =>
      new Error(`cause ${length}`, length === 1 ? {} : { cause: chain(length - 1) });
    const circle = new Error("round and round");
    circle.cause = circle;
    const { a } = await pairWith({
      chain: () => {
        throw chain(5);
      },
      circle: () => {
        throw circle;
      },
      nested: async (_: unknown, ctx: Context) => {
        throw new Error("outer", { cause: await failure(ctx.request("nobody/has")) });
      },
    });
    const messages = (error: unknown): string[] =>
      error instanceof Error ? [error.message, ...messages(error.cause)] : [];
    expect(messages((await failure(a.request("there/chain"))).cause)).toEqual([
      "cause 5",
      "cause 4",
      "cause 3",
      "cause 2",
      "cause 1",
    ]);
    expect(messages((await failure(a.request("there/circle"))).cause)).toHaveLength(8);
    const nested = (await failure(a.request("there/nested"))).cause as Error;
    expect(nested.cause).toBeInstanceOf(NotFoundError);
    expect(nested.cause).toMatchObject({ details: { path: "nobody/has" } });
  });

  it("includes the remote stack when the config allows it", async () => {
    const { a } = await pairWith(
      {
        deep: () => {
          throw new Error("far down");
        },
      },
      { send_error_stacks: true },
    );
    const error = await failure(a.request("there/deep"));
    expect((error.cause as Error).stack).toContain("session.test");
  });

  it("passes the arguments of a typed client", async () => {
    const { a, b } = await pair();
    const service = {
      name: "typed",
      path: "typed",
      actions: { sum: (one: number[], two: number[]) => [...one, ...two].length },
    };
    await b.addService(service);
    await a.waitForService("typed", quick);
    expect(await a.client<typeof service>("typed").sum([1, 2], [3])).toBe(3);
  });

  it("nests back and forth to any depth", async () => {
    const { a, b } = await pair();
    const down = (to: string) => (left: number, ctx: Context) =>
      left === 0 ? ctx.requestId : ctx.request(to, left - 1);
    await a.addService({ name: "a", path: "a", actions: { down: down("b/down") } });
    await b.addService({ name: "b", path: "b", actions: { down: down("a/down") } });
    await Promise.all([a.waitForService("b", quick), b.waitForService("a", quick)]);
    expect(await a.request("b/down", 50, { requestId: "deep" })).toBe("deep");
  });
});

describe("authorize", () => {
  it("needs the consent of the node and of the service", async () => {
    const asked: [Caller, string][] = [];
    const network = Network.create();
    const a = nodeOf(network);
    const b = nodeOf(network, {
      authorize: (caller, path) => {
        asked.push([caller, path]);
        return !path.endsWith("/secret");
      },
    });
    await Promise.all([a.start(), b.start()]);
    const actions = { open: () => "open", secret: () => "secret", fails: () => "never" };
    await b.addService({
      name: "there",
      path: "there",
      actions,
      authorize: async (_, path) => {
        if (path === "there/fails") throw new Error("no database");
        return true;
      },
    });
    await a.connect(addressOf(b), quick);
    await a.waitForService("there", quick);
    expect(await a.request("there/open")).toBe("open");
    const secret = await failure(a.request("there/secret"));
    expect(secret).toMatchObject({
      code: "ERR_RUNAR_NOT_AUTHORIZED",
      message: `there/secret: the peer ${a.id} may not call it`,
      details: { path: "there/secret", peer: a.id },
    });
    expect((await failure(a.request("there/fails"))).cause).toMatchObject({
      message: "no database",
    });
    expect(asked[0]).toEqual([{ id: a.id, authenticated: true }, "there/open"]);
    // Local calls are not authorized.
    expect(await b.request("there/secret")).toBe("secret");
  });

  it("must be a function", () => {
    const network = Network.create();
    expect(() => nodeOf(network, { authorize: true as never })).toThrow(
      "options.authorize: expected a function, got a boolean",
    );
  });
});

describe("limits", () => {
  it("on open calls per peer refuse only the calls beyond them", async () => {
    const gate = deferred<string>();
    const { a, b } = await pairWith(
      { wait: () => gate.promise, now: () => "now" },
      { max_calls_per_peer: 3 },
    );
    const waiting = [1, 2, 3].map(() => a.request("there/wait"));
    const error = await failure(a.request("there/now"));
    expect(error).toBeInstanceOf(OverloadError);
    expect(error.message).toContain(`the peer ${b.id} has more calls to answer`);
    gate.resolve("done");
    expect(await Promise.all(waiting)).toEqual(["done", "done", "done"]);
    expect(await a.request("there/now")).toBe("now");
  });
});

describe("a lost peer", () => {
  it("fails its pending calls as possibly executed", async () => {
    const started = deferred<void>();
    const { a, b } = await pairWith({
      wait: () => {
        started.resolve();
        return new Promise(() => undefined);
      },
    });
    const call = failure(a.request("there/wait"));
    await started.promise;
    await b.stop({ drainMs: 0 });
    const error = await call;
    expect(error).toBeInstanceOf(RunarError);
    expect(["ERR_RUNAR_STOPPED", "ERR_RUNAR_PEER_LOST"]).toContain(error.code);
  });

  it("aborts the signals of its calls", async () => {
    const started = deferred<AbortSignal>();
    const { a } = await pairWith({
      wait: (_: unknown, ctx: Context) => {
        started.resolve(ctx.signal);
        return new Promise(() => undefined);
      },
    });
    void failure(a.request("there/wait"));
    const signal = await started.promise;
    const fired = new Promise((resolve) => signal.addEventListener("abort", resolve));
    await a.stop({ drainMs: 0 });
    await fired;
  });
});
