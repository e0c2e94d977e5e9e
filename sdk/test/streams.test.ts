/** Streamed results, in every lane and from another node. */

import { type Context, type Node, type Stream, TimeoutError } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { handleOf } from "../../ci/fixtures.mjs";
import { isolate } from "../dist/bridge/isolate.js";
import type { Host } from "../dist/runtime/host.js";
import { addressOf, nodeOf, pair, quick } from "./members.js";
import { deferred, failure, makeNode, stopNodes } from "./support.js";

afterEach(stopNodes);

const WAYS = ["direct", "native", "remote"] as const;
type Way = (typeof WAYS)[number];

/** The calling and the answering node, which differ only in the remote lane. */
async function nodes(way: Way, actions: Record<string, unknown>) {
  const service = { name: "flow", path: "flow", actions: actions as never };
  if (way !== "remote") {
    const node = makeNode({ localCalls: way });
    await node.addService(service);
    await node.start();
    return { here: node, there: node };
  }
  const { a, b } = await pair();
  await b.addService(service);
  await a.waitForService("flow", quick);
  return { here: a as Node, there: b as Node };
}

async function* count(to: number) {
  for (let number = 0; number < to; number++) yield number;
}

async function all<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe.each(WAYS)("a stream, %s,", (way) => {
  it("delivers all items in order", async () => {
    const { here } = await nodes(way, { count, none: () => count(0) });
    const numbers = await all(await here.request<Stream<number>>("flow/count", [1_000]));
    expect(numbers).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
    expect(await all(await here.request<Stream<number>>("flow/none"))).toEqual([]);
  });

  it("can come from a promise or a web stream", async () => {
    const { here } = await nodes(way, {
      later: async () => count(3),
      web: () =>
        new ReadableStream({
          start(controller) {
            for (const text of ["a", "b"]) controller.enqueue(text);
            controller.close();
          },
        }),
    });
    expect(await all(await here.request<Stream<number>>("flow/later"))).toEqual([0, 1, 2]);
    expect(await all(await here.request<Stream<string>>("flow/web"))).toEqual(["a", "b"]);
  });

  it("produces at most one item ahead of its reader", async () => {
    let made = 0;
    const gate = deferred<void>();
    const { here } = await nodes(way, {
      slow: async function* () {
        for (;;) {
          made++;
          yield made;
          if (made === 3) await gate.promise;
        }
      },
    });
    const stream = await here.request<Stream<number>>("flow/slow");
    expect((await stream.next()).value).toBe(1);
    expect((await stream.next()).value).toBe(2);
    expect((await stream.next()).value).toBe(3);
    gate.resolve();
    const before = made;
    expect((await stream.next()).value).toBe(4);
    // An answer to a peer includes the items that are ready.
    if (way !== "remote") expect(made - before).toBeLessThanOrEqual(2);
    await stream.return?.();
  });

  it("ends the iteration and aborts the signal of the handler when its reader leaves", async () => {
    const left = deferred<string>();
    const fired = deferred<void>();
    const { here } = await nodes(way, {
      endless: async function* (_: unknown, ctx: Context) {
        ctx.signal.addEventListener("abort", () => fired.resolve());
        try {
          for (let number = 0; ; number++) {
            yield number;
            await new Promise((resolve) => setImmediate(resolve));
          }
        } finally {
          left.resolve("left");
        }
      },
    });
    for await (const item of await here.request<Stream<number>>("flow/endless")) {
      if (item === 5) break;
    }
    expect(await left.promise).toBe("left");
    await fired.promise;
  });

  it("fails where the handler fails, after the preceding items", async () => {
    const { here } = await nodes(way, {
      breaks: async function* () {
        yield 1;
        yield 2;
        throw new Error("no more");
      },
    });
    const stream = await here.request<Stream<number>>("flow/breaks");
    expect((await stream.next()).value).toBe(1);
    expect((await stream.next()).value).toBe(2);
    const error = await failure(stream.next());
    expect([error.code, error.message]).toEqual(["ERR_RUNAR_ACTION", "flow/breaks: no more"]);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it("applies the timeout of the call to each item", async () => {
    const fired = deferred<void>();
    const { here } = await nodes(way, {
      hangs: async function* (_: unknown, ctx: Context) {
        ctx.signal.addEventListener("abort", () => fired.resolve());
        yield "first";
        await new Promise(() => undefined);
      },
    });
    const stream = await here.request<Stream<string>>("flow/hangs", null, { timeoutMs: 100 });
    expect((await stream.next()).value).toBe("first");
    const error = await failure(stream.next());
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toBe("flow/hangs: no item within 100 ms");
    await fired.promise;
  });

  it("ends when its node stops", async () => {
    const { here, there } = await nodes(way, {
      hangs: async function* () {
        yield "first";
        await new Promise(() => undefined);
      },
    });
    const stream = await here.request<Stream<string>>("flow/hangs");
    expect((await stream.next()).value).toBe("first");
    const next = failure(stream.next());
    await there.stop({ drainMs: 10 });
    expect(["ERR_RUNAR_STOPPED", "ERR_RUNAR_PEER_LOST"]).toContain((await next).code);
  });

  it("checks its items with the output schema", async () => {
    const { here } = await nodes(way, {
      checked: {
        output: z.number(),
        handler: async function* () {
          yield 1;
          yield "two";
        },
      },
    });
    const stream = await here.request<Stream<number>>("flow/checked");
    expect((await stream.next()).value).toBe(1);
    expect((await failure(stream.next())).code).toBe("ERR_RUNAR_INVALID_RESULT");
  });
});

describe("a stream from another node", () => {
  it("carries large items", async () => {
    const part = new Uint8Array(1 << 20).fill(7);
    const { here } = await nodes("remote", {
      parts: async function* (left: number) {
        for (; left > 0; left--) yield part;
      },
    });
    let bytes = 0;
    for await (const item of await here.request<Stream<Uint8Array>>("flow/parts", [20])) {
      bytes += item.length;
    }
    expect(bytes).toBe(20 << 20);
  });

  it("ends when the node of its reader is gone", async () => {
    const fired = deferred<void>();
    const { here } = await nodes("remote", {
      waits: async function* (_: unknown, ctx: Context) {
        ctx.signal.addEventListener("abort", () => fired.resolve());
        yield 1;
        await new Promise(() => undefined);
      },
    });
    const stream = await here.request<Stream<number>>("flow/waits");
    await stream.next();
    await here.stop({ drainMs: 0 });
    await fired.promise;
  });

  it("is readable only by the node that called", async () => {
    const { network, a, b } = await pair();
    await b.addService({ name: "flow", path: "flow", actions: { count } as never });
    await a.waitForService("flow", quick);
    const stream = await a.request<Stream<number>>("flow/count", [3]);
    const other = nodeOf(network);
    await other.start();
    await other.connect(addressOf(b), quick);
    // The message that the SDK would send for its own stream, with the id of another node's stream.
    const host = isolate().hosts.get(handleOf(other))?.deref() as Host;
    for (const action of ["read", "leave", "claim"]) {
      const call = { path: "flow/count", timeoutMs: 5_000 };
      const read = host.requestOf(b.id ?? "", "$streams/read", [1, action], call);
      expect((await failure(read)).code).toBe("ERR_RUNAR_CLOSED");
    }
    expect(await all(stream)).toEqual([0, 1, 2]);
  });

  it("is typed from the definition to the loop", async () => {
    const service = { name: "flow", path: "flow", actions: { count } };
    const { a, b } = await pair();
    await b.addService(service);
    await a.waitForService("flow", quick);
    let sum = 0;
    for await (const number of await a.client<typeof service>("flow").count(5)) sum += number;
    expect(sum).toBe(10);
  });
});
