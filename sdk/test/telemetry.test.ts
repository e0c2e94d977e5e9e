/** Spans and metrics as the OpenTelemetry SDK receives them. */

import { context, metrics, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type { Context, NodeOptions } from "runar-ts";
import { otel } from "runar-ts/telemetry";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
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

const spans = new InMemorySpanExporter();
const tracerProvider = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(spans)],
});
const tracer = tracerProvider.getTracer("test");

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

beforeEach(() => spans.reset());
afterEach(stopNodes);

const TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const never = () => new Promise(() => undefined);
const traced = (): NodeOptions => ({ telemetry: otel({ tracerProvider }) });

/** The finished spans of this name. */
const named = (name: string) => spans.getFinishedSpans().filter((span) => span.name === name);

/** The one finished span of this name, and of this kind. */
function spanOf(name: string, kind?: SpanKind): ReadableSpan {
  const found = named(name).filter((span) => kind === undefined || span.kind === kind);
  expect(found.map((span) => span.name)).toEqual([name]);
  return found[0] as ReadableSpan;
}

const idOf = (span: ReadableSpan) => span.spanContext().spanId;
const parentOf = (span: ReadableSpan) => span.parentSpanContext?.spanId;

describe.each(lanes)("a span on the %s lane", (localCalls) => {
  async function nodeWith(actions: Record<string, unknown>, options: NodeOptions = {}) {
    const node = makeNode({ ...traced(), localCalls, ...options });
    node.addService({ name: "shop", path: "shop", actions: actions as never });
    await node.start();
    return node;
  }

  it("is created for a handler as a child of the caller's active span", async () => {
    const node = await nodeWith({ "items/{id}": (ctx: Context) => ctx.params.id });
    await tracer.startActiveSpan("program", async (span) => {
      await node.request("shop/items/7");
      span.end();
    });
    const span = spanOf("shop/items/{id}", SpanKind.INTERNAL);
    expect(parentOf(span)).toBe(idOf(spanOf("program")));
    expect(span.attributes).toEqual({
      "rpc.system.name": "runar",
      "rpc.method": "shop/items/{id}",
      "runar.caller": "local",
      "runar.node.id": node.id,
    });
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.instrumentationScope.name).toBe("runar-ts");
  });

  it("is active while its handler runs, and parents spans created there", async () => {
    const node = await nodeWith({
      outer: async (ctx: Context) => {
        await null;
        return tracer.startActiveSpan("user", async (span) => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          const inner = await ctx.request("shop/inner");
          span.end();
          return [ctx.traceparent, inner];
        });
      },
      inner: (ctx: Context) => ctx.traceparent,
    });
    const told = await node.request("shop/outer");
    const [outer, user, inner] = ["shop/outer", "user", "shop/inner"].map((name) => spanOf(name));
    expect(parentOf(outer as ReadableSpan)).toBe(undefined);
    expect(parentOf(user as ReadableSpan)).toBe(idOf(outer as ReadableSpan));
    expect(parentOf(inner as ReadableSpan)).toBe(idOf(user as ReadableSpan));
    const traceparents = [outer, inner].map((span) => {
      const { traceId, spanId } = (span as ReadableSpan).spanContext();
      return `00-${traceId}-${spanId}-01`;
    });
    expect(told).toEqual(traceparents);
    expect(trace.getActiveSpan()).toBe(undefined);
  });

  it("prefers the traceparent of the call over the active span", async () => {
    const node = await nodeWith({ now: () => 1 });
    await tracer.startActiveSpan("program", async (span) => {
      await node.request("shop/now", null, { traceparent: TRACEPARENT });
      span.end();
    });
    const span = spanOf("shop/now");
    expect(span.spanContext().traceId).toBe("0af7651916cd43dd8448eb211c80319c");
    expect(span.parentSpanContext).toMatchObject({ spanId: "b7ad6b7169203331", isRemote: true });
  });

  it("has the code of a failure and the thrown error", async () => {
    const node = await nodeWith({
      throws: async () => {
        throw new TypeError("no such book");
      },
    });
    await failure(node.request("shop/throws"));
    const span = spanOf("shop/throws");
    expect(span.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: "shop/throws: no such book",
    });
    expect(span.attributes).toMatchObject({
      "error.type": "ERR_RUNAR_ACTION",
      "rpc.response.status_code": "ERR_RUNAR_ACTION",
    });
    expect(
      span.events.map(({ name, attributes }) => [name, attributes?.["exception.type"]]),
    ).toEqual([["exception", "TypeError"]]);
  });

  it("ends when the caller gives up, and stays the parent of later spans", async () => {
    const gate = deferred();
    const ended = deferred();
    const node = await nodeWith({
      slow: async () => {
        await gate.promise;
        tracer.startSpan("late").end();
        ended.resolve();
      },
    });
    await failure(node.request("shop/slow", null, { timeoutMs: 20 }));
    expect(spanOf("shop/slow").attributes["error.type"]).toBe("ERR_RUNAR_TIMEOUT");
    gate.resolve();
    await ended.promise;
    expect(parentOf(spanOf("late"))).toBe(idOf(spanOf("shop/slow")));
    expect(named("shop/slow")).toHaveLength(1);
  });

  it("of a queued call belongs to its own caller", async () => {
    const gate = deferred();
    const handler = async () => {
      await gate.promise;
      tracer.startSpan("inside").end();
    };
    const node = await nodeWith({ slow: { concurrency: 1, handler } });
    const call = (name: string) =>
      tracer.startActiveSpan(name, async (span) => {
        await node.request("shop/slow");
        span.end();
      });
    const both = Promise.all([call("first"), call("second")]);
    gate.resolve();
    await both;
    const callers = named("shop/slow").map(parentOf).sort();
    expect(callers).toEqual([spanOf("first"), spanOf("second")].map(idOf).sort());
    expect(named("inside").map(parentOf).sort()).toEqual(named("shop/slow").map(idOf).sort());
  });

  it("is propagated through Rust to a handler", async () => {
    const node = await nodeWith({ add: (a: number, b: number) => a + b });
    await addRustService(node);
    await tracer.startActiveSpan("program", async (span) => {
      await node.request("fixture/relay", ["shop/add", [2, 3]]);
      span.end();
    });
    // TypeScript does not know the services that tests add in Rust.
    const made = spanOf("_OTHER", SpanKind.CLIENT);
    const handled = spanOf("shop/add", SpanKind.SERVER);
    expect(parentOf(made)).toBe(idOf(spanOf("program")));
    expect(parentOf(handled)).toBe(idOf(made));
    expect(handled.attributes["runar.caller"]).toBe("rust");
  });

  it("is attached to log records", async () => {
    const node = await nodeWith({ log: (ctx: Context) => ctx.logger.info("here") });
    await node.request("shop/log");
    await node.closeLogs();
    const { traceId, spanId } = spanOf("shop/log").spanContext();
    const record = node.records.find(({ message }) => message === "here");
    expect(record?.traceparent).toBe(`00-${traceId}-${spanId}-01`);
  });
});

describe("between nodes, spans", () => {
  it("of a call, its handler and nested calls are one trace", async () => {
    const { a, b } = await pair(traced(), traced());
    await a.addService({ name: "here", path: "here", actions: { now: () => 1 } });
    await b.addService({
      name: "there",
      path: "there",
      actions: { "back/{id}": async (ctx: Context) => [await ctx.request("here/now")] },
    });
    await Promise.all([a.waitForService("there", quick), b.waitForService("here", quick)]);
    await tracer.startActiveSpan("program", async (span) => {
      expect(await a.request("there/back/7")).toEqual([1]);
      span.end();
    });
    const program = spanOf("program");
    const made = spanOf("there/back/{id}", SpanKind.CLIENT);
    const handled = spanOf("there/back/{id}", SpanKind.SERVER);
    const madeBack = spanOf("here/now", SpanKind.CLIENT);
    const handledBack = spanOf("here/now", SpanKind.SERVER);
    const chain = [program, made, handled, madeBack, handledBack];
    expect(chain.slice(1).map(parentOf)).toEqual(chain.slice(0, -1).map(idOf));
    expect(new Set(chain.map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(handled.parentSpanContext?.isRemote).toBe(true);
    expect(made.attributes).toMatchObject({ "runar.target": "peer", "runar.node.id": a.id });
    expect(handled.attributes).toMatchObject({
      "runar.caller": "peer",
      "runar.node.id": b.id,
      "runar.peer.id": a.id,
    });
  });

  it("of a call without a trace start a new one", async () => {
    const { a, b } = await pair({}, traced());
    await b.addService({ name: "there", path: "there", actions: { now: () => 1 } });
    await a.waitForService("there", quick);
    await tracer.startActiveSpan("program", async (span) => {
      await a.request("there/now");
      span.end();
    });
    expect(spanOf("there/now", SpanKind.SERVER).parentSpanContext).toBe(undefined);
  });

  it("have the code of the failed call", async () => {
    const { a, b } = await pair(traced(), traced());
    await b.addService({ name: "there", path: "there", actions: { slow: never } });
    await a.waitForService("there", quick);
    await failure(a.request("there/slow", null, { timeoutMs: 50 }));
    const made = spanOf("there/slow", SpanKind.CLIENT);
    expect(made.attributes["error.type"]).toBe("ERR_RUNAR_TIMEOUT");
    expect(made.events).toEqual([]);
    await expect.poll(() => named("there/slow").length).toBe(2);
    const code = spanOf("there/slow", SpanKind.SERVER).attributes["error.type"];
    expect(["ERR_RUNAR_TIMEOUT", "aborted"]).toContain(code);
  });
});

describe("metrics", () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e9 });
  const meterProvider = new MeterProvider({ readers: [reader] });

  async function collected() {
    exporter.reset();
    await reader.forceFlush();
    const scopes = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    return scopes.flatMap((scope) => scope.metrics);
  }

  async function pointsOf<T>(name: string): Promise<DataPoint<T>[]> {
    const found = (await collected()).find(({ descriptor }) => descriptor.name === name);
    return (found?.dataPoints ?? []) as DataPoint<T>[];
  }

  it("are durations by action and failure, and calls in flight", async () => {
    const gate = deferred();
    const node = makeNode({ telemetry: otel({ meterProvider }) });
    const actions = {
      "items/{id}": () => 1,
      slow: () => gate.promise,
      throws: () => {
        throw new Error("no");
      },
    };
    node.addService({ name: "shop", path: "shop", actions });
    await node.start();
    for (let index = 0; index < 20; index++) await node.request(`shop/items/${index}`);
    await failure(node.request("shop/throws"));
    await failure(node.request("nobody/has"));
    const slow = node.request("shop/slow");
    const active = await pointsOf<number>("runar.server.active_calls");
    const inFlight = active.map(({ attributes, value }) => [attributes["rpc.method"], value]);
    expect(inFlight).toEqual([
      ["shop/items/{id}", 0],
      ["shop/throws", 0],
      ["shop/slow", 1],
    ]);
    gate.resolve();
    await slow;
    const labels = { "rpc.system.name": "runar", "runar.caller": "local" };
    const failed = (code: string) => ({ "error.type": code, "rpc.response.status_code": code });
    const durations = await pointsOf<Histogram>("rpc.server.call.duration");
    expect(durations.map(({ attributes, value }) => [attributes, value.count])).toEqual([
      [{ ...labels, "rpc.method": "shop/items/{id}" }, 20],
      [{ ...labels, "rpc.method": "shop/throws", ...failed("ERR_RUNAR_ACTION") }, 1],
      [{ ...labels, "rpc.method": "shop/slow" }, 1],
    ]);
    expect(durations[0]?.value.buckets.boundaries.slice(0, 2)).toEqual([0.005, 0.01]);
    const made = await pointsOf<Histogram>("rpc.client.call.duration");
    expect(made.map(({ attributes }) => attributes)).toEqual([
      {
        "rpc.system.name": "runar",
        "rpc.method": "_OTHER",
        "runar.target": "unknown",
        ...failed("ERR_RUNAR_NOT_FOUND"),
      },
    ]);
    const units = (await collected()).map(({ descriptor }) => [descriptor.name, descriptor.unit]);
    expect(units).toEqual([
      ["rpc.server.call.duration", "s"],
      ["runar.server.active_calls", "{call}"],
      ["rpc.client.call.duration", "s"],
      ["runar.client.active_calls", "{call}"],
    ]);
  });

  it("of several nodes are summed", async () => {
    const telemetry = otel({ meterProvider });
    const gate = deferred();
    const nodes = [makeNode({ telemetry }), makeNode({ telemetry: otel({ meterProvider }) })];
    for (const node of nodes) {
      node.addService({ name: "both", path: "both", actions: { slow: () => gate.promise } });
      await node.start();
    }
    const calls = nodes.map((node) => node.request("both/slow"));
    const points = await pointsOf<number>("runar.server.active_calls");
    const both = points.find(({ attributes }) => attributes["rpc.method"] === "both/slow");
    expect(both?.value).toBe(2);
    gate.resolve();
    await Promise.all(calls);
  });
});

describe("telemetry", () => {
  it("without an SDK has no effect but propagates the caller's trace", async () => {
    const node = makeNode({ telemetry: otel() });
    const actions = { tell: (ctx: Context) => ctx.traceparent };
    node.addService({ name: "shop", path: "shop", actions });
    await node.start();
    expect(await node.request("shop/tell")).toBe(undefined);
    const options = { traceparent: TRACEPARENT };
    expect(await node.request("shop/tell", null, options)).toBe(TRACEPARENT);
  });

  it("uses the providers registered with the API", async () => {
    const node = makeNode({ telemetry: otel() });
    node.addService({ name: "shop", path: "shop", actions: { now: () => 1 } });
    await node.start();
    trace.setGlobalTracerProvider(tracerProvider);
    await node.request("shop/now");
    trace.disable();
    metrics.disable();
    spanOf("shop/now");
  });

  it("and metrics see the same calls", async () => {
    const node = makeNode({ ...traced(), metrics: true });
    node.addService({ name: "shop", path: "shop", actions: { now: () => 1 } });
    await node.start();
    await node.request("shop/now");
    expect(node.metrics().served[0]).toMatchObject({ ended: 1 });
    spanOf("shop/now");
  });

  it("nests by traceparent without a context manager", async () => {
    const node = makeNode(traced());
    const actions = { outer: (ctx: Context) => ctx.request("shop/inner"), inner: () => 1 };
    node.addService({ name: "shop", path: "shop", actions });
    await node.start();
    context.disable();
    await node.request("shop/outer");
    expect(parentOf(spanOf("shop/inner"))).toBe(idOf(spanOf("shop/outer")));
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });

  it("accepts a custom implementation", async () => {
    const told: unknown[] = [];
    const node = makeNode({
      telemetry: {
        begin: ({ side, path, other }) => ({
          traceparent: TRACEPARENT,
          run: (body) => body(),
          end: (ms, failed) => told.push([side, path, other, ms >= 0, failed?.name]),
        }),
      },
    });
    const actions = { tell: (ctx: Context) => ctx.traceparent };
    node.addService({ name: "shop", path: "shop", actions });
    await node.start();
    expect(await node.request("shop/tell")).toBe(TRACEPARENT);
    await failure(node.request("nobody/has"));
    expect(told).toEqual([
      ["served", "shop/tell", "local", true, undefined],
      ["made", "_OTHER", "unknown", true, "ERR_RUNAR_NOT_FOUND"],
    ]);
  });

  it("must be the result of otel()", () => {
    expect(thrown(() => makeNode({ telemetry: {} as never })).message).toBe(
      "options.telemetry: expected what otel() of runar-ts/telemetry returns, got an object",
    );
  });
});
