/** Call metrics of a node. */

import {
  type CallerKind,
  type Context,
  type Durations,
  type MadeCalls,
  type Node,
  quantileMs,
  type ServedCalls,
  type TargetKind,
} from "runar-ts";
import { sqlite } from "runar-ts/services";
import { afterEach, describe, expect, it } from "vitest";
import { pair, quick } from "./members.js";
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

const never = () => new Promise(() => undefined);

/** The counters of an action without durations. */
function served(node: Node, path: string, caller: CallerKind = "local") {
  return brief(node.metrics().served.find((row) => row.path === path && row.caller === caller));
}

function made(node: Node, path: string, target: TargetKind) {
  return brief(node.metrics().made.find((row) => row.path === path && row.target === target));
}

function brief(row: ServedCalls | MadeCalls | undefined) {
  if (row === undefined) return undefined;
  const { ended, failed, failures, inFlight, durations } = row;
  expect(durations.count).toBe(ended);
  expect(durations.counts.reduce((sum, count) => sum + count, 0)).toBe(ended);
  return { ended, failed, failures, inFlight };
}

const answered = (ended: number) => ({ ended, failed: 0, failures: {}, inFlight: 0 });
const failedBy = (name: string, ended = 1) => ({
  ended,
  failed: 1,
  failures: { [name]: 1 },
  inFlight: 0,
});

describe.each(lanes)("served calls on the %s lane", (localCalls) => {
  async function nodeWith(actions: Record<string, unknown>) {
    const node = makeNode({ metrics: true, localCalls });
    node.addService({ name: "shop", path: "shop", actions: actions as never });
    await node.start();
    return node;
  }

  it("are counted when they are answered, at once or later", async () => {
    const node = await nodeWith({ now: () => 1, later: async () => 2 });
    for (let index = 0; index < 3; index++) await node.request("shop/now");
    await Promise.all([node.request("shop/later"), node.request("shop/later")]);
    expect(served(node, "shop/now")).toEqual(answered(3));
    expect(served(node, "shop/later")).toEqual(answered(2));
    expect(node.metrics().served).toHaveLength(2);
    expect(node.metrics().made).toEqual([]);
  });

  it("are counted under the template of the action", async () => {
    const node = await nodeWith({ "items/{id}": (ctx: Context) => ctx.params.id });
    for (let index = 0; index < 100; index++) {
      expect(await node.request(`shop/items/${index}`)).toBe(`${index}`);
    }
    expect(node.metrics().served.map(({ path, ended }) => [path, ended])).toEqual([
      ["shop/items/{id}", 100],
    ]);
  });

  it("are counted with the codes by which they fail", async () => {
    const node = await nodeWith({
      throws: () => {
        throw new Error("no");
      },
      rejects: async () => Promise.reject(new Error("no")),
      nested: (ctx: Context) => ctx.request("nobody/has"),
    });
    for (const action of ["throws", "rejects", "nested"]) {
      await failure(node.request(`shop/${action}`));
    }
    expect(served(node, "shop/throws")).toEqual(failedBy("ERR_RUNAR_ACTION"));
    expect(served(node, "shop/rejects")).toEqual(failedBy("ERR_RUNAR_ACTION"));
    expect(served(node, "shop/nested")).toEqual(failedBy("ERR_RUNAR_NOT_FOUND"));
    expect(made(node, "_OTHER", "unknown")).toEqual(failedBy("ERR_RUNAR_NOT_FOUND"));
  });

  it("end when the caller gives up, and count once", async () => {
    const gate = deferred();
    const node = await nodeWith({ late: () => gate.promise, given: never });
    await failure(node.request("shop/late", null, { timeoutMs: 10 }));
    const controller = new AbortController();
    const call = node.request("shop/given", null, { signal: controller.signal });
    // On the native lane the handler starts with the next exchange.
    while (node.metrics().actions.some(({ path, running }) => path === "shop/given" && !running)) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    expect(served(node, "shop/late")).toEqual(failedBy("ERR_RUNAR_TIMEOUT"));
    expect(served(node, "shop/given")).toEqual(failedBy("aborted"));
    const running = () => node.metrics().actions.map((action) => action.running);
    expect(running()).toEqual([1, 1]);
    gate.resolve();
    await expect.poll(running).toEqual([0, 1]);
    expect(served(node, "shop/late")).toEqual(failedBy("ERR_RUNAR_TIMEOUT"));
  });

  it("are in flight while they run and while they are queued", async () => {
    const gate = deferred();
    const handler = () => gate.promise;
    const node = await nodeWith({ slow: { concurrency: 2, queue: 1, handler } });
    const calls = [1, 2, 3].map(() => node.request("shop/slow"));
    const load = () => node.metrics().actions[0];
    await expect.poll(load).toEqual({
      path: "shop/slow",
      running: 2,
      queued: 1,
      concurrency: 2,
      queueLimit: 1,
    });
    expect(served(node, "shop/slow")).toEqual({ ...answered(0), inFlight: 3 });
    await failure(node.request("shop/slow"));
    gate.resolve();
    await Promise.all(calls);
    expect(load()).toMatchObject({ running: 0, queued: 0 });
    expect(served(node, "shop/slow")).toEqual(failedBy("ERR_RUNAR_OVERLOAD", 4));
  });

  it("end when they are aborted in the queue", async () => {
    const node = await nodeWith({ slow: { concurrency: 1, handler: never } });
    const first = failure(node.request("shop/slow", null, { timeoutMs: 60 }));
    await failure(node.request("shop/slow", null, { timeoutMs: 20 }));
    await first;
    expect(served(node, "shop/slow")).toMatchObject({
      ended: 2,
      failures: { ERR_RUNAR_TIMEOUT: 2 },
      inFlight: 0,
    });
  });

  it("end when the node stops, and stay readable afterwards", async () => {
    const node = await nodeWith({ slow: never });
    const call = failure(node.request("shop/slow"));
    await expect.poll(() => node.metrics().actions[0]?.running).toBe(1);
    await node.stop({ drainMs: 0 });
    await call;
    expect(served(node, "shop/slow")).toEqual(failedBy("ERR_RUNAR_STOPPED"));
    await node.start();
    expect(served(node, "shop/slow")).toEqual(failedBy("ERR_RUNAR_STOPPED"));
  });

  it("disappear with the service", async () => {
    const node = await nodeWith({ now: () => 1 });
    await node.request("shop/now");
    await node.removeService("shop");
    expect(node.metrics()).toMatchObject({ served: [], actions: [] });
  });

  it("keep the caller in the stack of a failure", async () => {
    const node = await nodeWith({ rejects: async () => Promise.reject(new Error("no")) });
    async function thisCaller() {
      await node.request("shop/rejects");
    }
    expect((await failure(thisCaller())).stack).toContain("thisCaller");
  });

  it("include calls from Rust", async () => {
    const node = await nodeWith({ add: (a: number, b: number) => a + b });
    await addRustService(node);
    for (const relay of ["relay", "relay_spawned"]) {
      expect(await node.request(`fixture/${relay}`, ["shop/add", [2, 3]])).toBe(5);
    }
    expect(served(node, "shop/add", "rust")).toEqual(answered(2));
  });
});

describe("made calls", () => {
  it("to Rust services and the registry are counted under their templates", async () => {
    const node = makeNode({ metrics: true });
    const db = sqlite({ path: "db", file: ":memory:", schema: { tables: { t: { id: "text" } } } });
    node.addService(db);
    await node.start();
    await db.on(node).execute("insert into t values (?)", ["a"]);
    await failure(db.on(node).execute("nonsense"));
    for (const path of ["db", "nope"]) await node.request(`$registry/services/${path}`);
    await node.request("$registry/services/list");
    const rows = node
      .metrics()
      .made.map(({ path, target, ended, failed }) => [path, target, ended, failed]);
    expect(rows).toEqual([
      ["db/execute", "rust", 2, 1],
      ["$registry/services/{service_path}", "rust", 2, 0],
      ["$registry/services/list", "rust", 1, 0],
    ]);
  });

  it("to peers are counted on both sides under the template of the action", async () => {
    const { a, b } = await pair({ metrics: true }, { metrics: true });
    const actions = {
      "items/{id}": (ctx: Context) => ctx.params.id,
      throws: () => {
        throw new Error("no");
      },
      slow: never,
    };
    await b.addService({ name: "there", path: "there", actions });
    await a.waitForService("there", quick);
    for (const id of ["7", "8"]) expect(await a.request(`there/items/${id}`)).toBe(id);
    await failure(a.request("there/throws"));
    await failure(a.request("there/slow", null, { timeoutMs: 50 }));
    await failure(a.request("there/nothing"));
    expect(made(a, "there/items/{id}", "peer")).toEqual(answered(2));
    expect(made(a, "there/throws", "peer")).toEqual(failedBy("ERR_RUNAR_ACTION"));
    expect(made(a, "there/slow", "peer")).toEqual(failedBy("ERR_RUNAR_TIMEOUT"));
    expect(made(a, "_OTHER", "peer")).toEqual(failedBy("ERR_RUNAR_NOT_FOUND"));
    expect(served(b, "there/items/{id}", "peer")).toEqual(answered(2));
    expect(served(b, "there/throws", "peer")).toEqual(failedBy("ERR_RUNAR_ACTION"));
    await expect.poll(() => served(b, "there/slow", "peer")?.failed).toBe(1);
    expect(a.metrics().served).toEqual([]);
    expect(b.metrics().made).toEqual([]);
  });

  it("that authorize refuses are counted as failures of the action", async () => {
    const { a, b } = await pair({}, { metrics: true, authorize: () => false });
    await b.addService({ name: "there", path: "there", actions: { now: () => 1 } });
    await a.waitForService("there", quick);
    await failure(a.request("there/now"));
    expect(served(b, "there/now", "peer")).toEqual(failedBy("ERR_RUNAR_NOT_AUTHORIZED"));
  });

  it("with an unsupported payload are counted as failed", async () => {
    const node = makeNode({ metrics: true });
    await node.start();
    await failure(node.request("nobody/has", () => 1));
    expect(made(node, "_OTHER", "unknown")).toEqual(failedBy("ERR_RUNAR_VALUE"));
  });

  it("have a bounded number of names", async () => {
    const node = makeNode({ metrics: true });
    const db = sqlite({ path: "db", file: ":memory:", schema: { tables: { t: { id: "text" } } } });
    node.addService(db);
    await node.start();
    const calls = Array.from({ length: 1_100 }, (_, index) => failure(node.request(`db/${index}`)));
    await Promise.all(calls);
    const { made } = node.metrics();
    expect(made).toHaveLength(1_001);
    expect(made.at(-1)).toMatchObject({ path: "_OTHER", target: "rust", ended: 100 });
  });
});

describe("the result of metrics()", () => {
  it("is a JSON snapshot", async () => {
    const node = makeNode({ metrics: true });
    node.addService({ name: "shop", path: "shop", actions: { now: () => 1 } });
    await node.start();
    await node.request("shop/now");
    const before = node.metrics();
    expect(JSON.parse(JSON.stringify(before))).toEqual(before);
    expect(before.timeMs).toBeGreaterThanOrEqual(before.sinceMs);
    await node.request("shop/now");
    expect(before.served[0]).toMatchObject({ ended: 1, durations: { count: 1 } });
  });

  it("is an error on a node without metrics", () => {
    const error = thrown(() => makeNode().metrics());
    expect(error).toMatchObject({ code: "ERR_RUNAR_INVALID_ARGUMENT" });
    expect(error.message).toContain("make it with { metrics: true }");
    expect(thrown(() => makeNode({ metrics: 1 as never })).message).toBe(
      "options.metrics: expected a boolean, got a number",
    );
  });

  it("has the durations of calls in milliseconds", async () => {
    const node = makeNode({ metrics: true });
    const actions = { wait: () => new Promise((resolve) => setTimeout(resolve, 30)) };
    node.addService({ name: "shop", path: "shop", actions });
    await node.start();
    await node.request("shop/wait");
    const { durations } = node.metrics().served[0] as ServedCalls;
    expect(durations.maxMs).toBeGreaterThan(25);
    expect(durations.sumMs).toBe(durations.maxMs);
    const bucket = durations.counts.indexOf(1);
    expect(durations.boundsMs[bucket]).toBeGreaterThanOrEqual(durations.maxMs);
    expect(durations.boundsMs[bucket - 1]).toBeLessThan(durations.maxMs);
    expect(durations.boundsMs).toHaveLength(24);
    expect([...durations.boundsMs.slice(0, 4), durations.boundsMs.at(-1)]).toEqual([
      0.001, 0.002, 0.005, 0.01, 50_000,
    ]);
  });
});

describe("quantileMs", () => {
  const durations: Durations = {
    count: 4,
    sumMs: 0,
    maxMs: 9,
    boundsMs: [1, 2, 5],
    counts: [2, 1, 0, 1],
  };

  it.each([
    [0, 0],
    [0.25, 0.5],
    [0.5, 1],
    [0.75, 2],
    [1, 9],
    [2, 9],
  ])("%d is %d ms", (quantile, ms) => {
    expect(quantileMs(durations, quantile)).toBe(ms);
  });

  it("is NaN without calls", () => {
    expect(quantileMs({ ...durations, count: 0 }, 0.5)).toBeNaN();
  });
});
