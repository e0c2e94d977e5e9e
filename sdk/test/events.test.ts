import type { Context, Event, Subscription } from "runar-ts";
import { afterEach, describe, expect, expectTypeOf, it } from "vitest";
import { handleOf } from "../../ci/fixtures.mjs";
import { isolate } from "../dist/bridge/isolate.js";
import type { Host } from "../dist/runtime/host.js";
import {
  addRustService,
  deferred,
  failure,
  lanes,
  makeNode,
  stopNodes,
  thrown,
} from "./support.js";

afterEach(stopNodes);

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe.each(lanes)("events on the %s lane", (localCalls) => {
  async function start() {
    const node = makeNode({ localCalls });
    await node.start();
    return node;
  }

  it("reach subscribers of their topic in order before publish() settles", async () => {
    const node = await start();
    const heard: unknown[] = [];
    node.on("orders/placed", (event) => heard.push([event.topic, event.value]));
    node.on("orders/cancelled", () => heard.push("wrong"));
    for (let id = 0; id < 3; id++) await node.publish("orders/placed", { id });
    expect(heard).toEqual([0, 1, 2].map((id) => ["orders/placed", { id }]));
  });

  it.each([
    ["orders/*", ["orders/placed", "orders/cancelled"]],
    ["*/placed", ["orders/placed", "returns/placed"]],
    [">", ["orders/placed", "orders/cancelled", "returns/placed", "orders/placed/late"]],
    ["orders/>", ["orders/placed", "orders/cancelled", "orders/placed/late"]],
    ["orders/placed", ["orders/placed"]],
  ])("the pattern %s matches the right topics", async (pattern, expected) => {
    const node = await start();
    const heard: string[] = [];
    node.on(pattern, (event) => heard.push(event.topic));
    for (const topic of [
      "orders/placed",
      "orders/cancelled",
      "returns/placed",
      "orders/placed/late",
    ]) {
      await node.publish(topic);
    }
    expect(heard).toEqual(expected);
  });

  it("overlapping patterns each deliver once and unsubscribe separately", async () => {
    const node = await start();
    const heard: string[] = [];
    const patterns = ["a/*", "a/>", "a/b", "*/b"];
    const subscriptions = patterns.map((pattern) => node.on(pattern, () => heard.push(pattern)));
    await node.publish("a/b");
    expect(heard.splice(0).sort()).toEqual([...patterns].sort());
    subscriptions[0]?.unsubscribe();
    subscriptions[1]?.unsubscribe();
    await node.publish("a/b");
    expect(heard.sort()).toEqual(["*/b", "a/b"]);
  });

  it("one of two subscribers of a topic can unsubscribe alone", async () => {
    const node = await start();
    const heard: string[] = [];
    const first = node.on("a/b", () => heard.push("first"));
    node.on("a/b", () => heard.push("second"));
    first.unsubscribe();
    first.unsubscribe();
    await node.publish("a/b");
    expect(heard).toEqual(["second"]);
  });

  it("subscribing and unsubscribing during delivery takes effect at once", async () => {
    const node = await start();
    const heard: string[] = [];
    const later: Subscription[] = [];
    node.on("a/b", () => {
      heard.push("first");
      later[0]?.unsubscribe();
      node.on("a/b", () => heard.push("new"));
    });
    later.push(node.on("a/b", () => heard.push("second")));
    await node.publish("a/b");
    expect(heard).toEqual(["first"]);
  });

  it("a subscription ends with its block", async () => {
    const node = await start();
    let count = 0;
    {
      using subscription = node.on("a/b", () => count++);
      expect(subscription.topic).toBe("a/b");
      await node.publish("a/b");
    }
    await node.publish("a/b");
    expect(count).toBe(1);
  });

  it("a failing subscriber is logged and does not affect others", async () => {
    const node = await start();
    const heard: unknown[] = [];
    node.on("a/b", () => {
      throw new TypeError("no");
    });
    node.on("a/b", async () => {
      throw new RangeError("out");
    });
    node.on("a/b", (event) => heard.push(event.value));
    await node.publish("a/b", 1);
    await turn();
    expect(heard).toEqual([1]);
    expect(
      node.records.map((record) => [record.level, record.message, record.error?.name]),
    ).toEqual([
      ["error", "a subscriber of a/b failed: no", "TypeError"],
      ["error", "a subscriber of a/b failed: out", "RangeError"],
    ]);
  });

  it("all of 10,000 subscribers receive an event", async () => {
    const node = await start();
    let told = 0;
    for (let index = 0; index < 10_000; index++) node.on("a/b", () => told++);
    await node.publish("a/b");
    expect(told).toBe(10_000);
  });

  it("services subscribe while they run and handlers publish through their context", async () => {
    const node = makeNode({ localCalls });
    const heard: unknown[] = [];
    node.addService({
      name: "mailer",
      path: "mailer",
      actions: {},
      events: {
        "orders/*": (event, ctx) => {
          ctx.logger.info("heard");
          heard.push([event.topic, event.value, ctx.path, ctx.node === node]);
        },
      },
    });
    node.addService({
      name: "orders",
      path: "orders",
      actions: {
        async place(id: number, ctx: Context) {
          await ctx.publish("orders/placed", id);
          return id;
        },
      },
    });
    await node.start();
    await node.request("orders/place", [7]);
    expect(heard).toEqual([["orders/placed", 7, "orders/placed", true]]);
    await turn();
    expect(node.records[0]).toMatchObject({
      service: "mailer",
      event: "orders/*",
      message: "heard",
    });
    await node.stop();
    await node.start();
    await node.request("orders/place", [8]);
    expect(heard).toHaveLength(2);
    await node.removeService("mailer");
    await node.request("orders/place", [9]);
    expect(heard).toHaveLength(2);
  });

  it("once() waits for one event up to its timeout", async () => {
    const node = await start();
    const waiting = node.once("a/*");
    await node.publish("a/b", 1);
    await node.publish("a/b", 2);
    expect(await waiting).toEqual({ topic: "a/b", value: 1 });
    const error = await failure(node.once("a/b", { timeoutMs: 20 }));
    expect(error.code).toBe("ERR_RUNAR_TIMEOUT");
    const controller = new AbortController();
    const aborted = node.once("a/b", { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
  });

  it("an iterator reads events in order, and leaving it unsubscribes", async () => {
    const node = await start();
    const events = node.events<number>("a/b");
    for (let value = 0; value < 5; value++) await node.publish("a/b", value);
    const read: number[] = [];
    for await (const event of events) {
      read.push(event.value);
      if (event.value === 3) break;
    }
    expect(read).toEqual([0, 1, 2, 3]);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it("a slow iterator drops the oldest or newest events and counts them", async () => {
    const node = await start();
    const oldest = node.events<number>("a/b", { limit: 3 });
    const newest = node.events<number>("a/b", { limit: 3, overflow: "drop-newest" });
    for (let value = 0; value < 10; value++) await node.publish("a/b", value);
    await node.stop();
    const values = async (events: AsyncIterable<Event<number>>) => {
      const read: number[] = [];
      for await (const event of events) read.push(event.value);
      return read;
    };
    expect([await values(oldest), oldest.dropped]).toEqual([[7, 8, 9], 7]);
    expect([await values(newest), newest.dropped]).toEqual([[0, 1, 2], 7]);
  });

  it("a waiting iterator ends when the node stops", async () => {
    const node = await start();
    const next = node.events("a/b").next();
    await node.stop();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("later subscribers that ask receive the newest retained event", async () => {
    const node = await start();
    await node.publish("a/b", "old", { retainMs: 60_000 });
    await node.publish("a/c", "new", { retainMs: 60_000 });
    await node.publish("a/d", "not kept");
    const heard: unknown[] = [];
    node.on("a/*", (event) => heard.push(event.value), { includePastMs: 60_000 });
    node.on("a/b", (event) => heard.push(event.value), { includePastMs: 60_000 });
    node.on("a/b", (event) => heard.push(event.value));
    node.on("x/y", (event) => heard.push(event.value), { includePastMs: 60_000 });
    expect(heard).toEqual(["new", "old"]);
  });

  it("stop() waits for a running subscriber", async () => {
    const node = await start();
    const gate = deferred();
    let done = false;
    node.on("a/b", async () => {
      await gate.promise;
      done = true;
    });
    await node.publish("a/b");
    const stopping = node.stop();
    gate.resolve();
    await stopping;
    expect(done).toBe(true);
  });

  it("cross between Rust and TypeScript both ways", async () => {
    const node = await start();
    const heard: unknown[] = [];
    node.on("$registry/services/fixture/state/running", (event) => heard.push(event.topic));
    node.on("fixture/*", (event) => heard.push([event.topic, event.value]));
    await addRustService(node);
    // The SDK does not track a service that a fixture adds in Rust.
    const host = isolate().hosts.get(handleOf(node))?.deref();
    (host as Host).hasOtherListeners = true;
    await node.request("fixture/publish", ["opened", { at: 9 }]);
    await expect
      .poll(() => heard)
      .toEqual(["$registry/services/fixture/state/running", ["fixture/opened", { at: 9 }]]);
    await node.publish("heard/one", { a: [1, "x"] });
    expect(await node.request("fixture/heard")).toEqual([["heard/one", { a: [1, "x"] }]]);
    await node.publish("fixture/closed", 1);
    expect(heard.slice(2)).toEqual([["fixture/closed", 1]]);
  });

  it("cannot be published before the node has started, or after it has stopped", async () => {
    const node = makeNode({ localCalls });
    expect((await failure(node.publish("a/b"))).code).toBe("ERR_RUNAR_NOT_STARTED");
    await node.start();
    await node.stop();
    expect((await failure(node.publish("a/b"))).code).toBe("ERR_RUNAR_STOPPED");
  });

  it("reach subscriptions made before start(), and after a restart", async () => {
    const node = makeNode({ localCalls });
    let count = 0;
    node.on("a/b", () => count++);
    await node.start();
    await node.publish("a/b");
    await node.stop();
    await node.start();
    await node.publish("a/b");
    expect(count).toBe(2);
  });

  it("on more than 10,000 distinct topics are refused with a remedy", async () => {
    const node = makeNode({ localCalls });
    for (let index = 0; index < 10_000; index++) node.on(`a/${index}`, () => undefined);
    const error = thrown(() => node.on("a/more", () => undefined));
    expect(error).toMatchObject({ name: "OverloadError", code: "ERR_RUNAR_TOO_MANY_TOPICS" });
    expect(error.message).toMatch(/use a pattern$/);
    node.on("a/1", () => undefined);
  });

  it.each([
    ["", "has an empty part"],
    ["a//b", "has an empty part"],
    ["a b", "has spaces or one of : { }"],
    ["a:b", "has spaces or one of : { }"],
    ["a/b*", "* must be a part of its own, and > the last part"],
    [">/a", "* must be a part of its own, and > the last part"],
    ["a/*", "a pattern cannot be published to"],
    ["$registry/x", "topics that begin with $ are the core's own"],
    ["x".repeat(1025), "longer than 1024 characters"],
  ])("cannot be published to the topic %j", async (topic, problem) => {
    const node = await start();
    const error = await failure(node.publish(topic));
    expect(error.code).toBe("ERR_RUNAR_INVALID_ARGUMENT");
    expect(error.message).toBe(`topic ${JSON.stringify(topic.slice(0, 80))}: ${problem}`);
  });

  it("invalid options are refused by name", async () => {
    const node = await start();
    // @ts-expect-error: the key is misspelt
    expect((await failure(node.publish("a/b", 1, { retainMS: 1 }))).message).toBe(
      "options.retainMS: unknown key, did you mean retainMs?",
    );
    // @ts-expect-error: no such policy
    expect(thrown(() => node.events("a/b", { overflow: "block" })).message).toBe(
      'options.overflow: expected "drop-oldest" or "drop-newest", got "block"',
    );
    expect(thrown(() => node.events("a/b", { limit: 0 })).message).toBe(
      "options.limit: expected a whole number from 1 on, got 0",
    );
  });
});

describe("a map of topics", () => {
  it("types published and received events", async () => {
    const node = makeNode();
    await node.start();
    const topics = node.topics<{ "orders/placed": { id: number }; "orders/cancelled": string }>();
    let id = 0;
    topics.on("orders/placed", (event) => {
      expectTypeOf(event.value).toEqualTypeOf<{ id: number }>();
      id = event.value.id;
    });
    await topics.publish("orders/placed", { id: 7 });
    expect(id).toBe(7);
    const never = () => {
      // @ts-expect-error: the value is of another type
      topics.publish("orders/placed", "x");
      // @ts-expect-error: no such topic
      topics.publish("orders/lost", 1);
    };
    expectTypeOf(never).toBeFunction();
  });
});
