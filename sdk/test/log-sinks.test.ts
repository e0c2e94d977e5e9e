/** The sinks with their real libraries. */

import { Writable } from "node:stream";
import { context, trace } from "@opentelemetry/api";
import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import {
  BatchLogRecordProcessor,
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { pino } from "pino";
import type { Context, LogRecord, LogSink } from "runar-ts";
import { consoleSink, otelSink, pinoSink, tee, winstonSink } from "runar-ts/logging";
import { afterEach, describe, expect, it } from "vitest";
import winston from "winston";
import Transport from "winston-transport";
import { deferred, makeNode, stopNodes, thrown } from "./support.js";

afterEach(stopNodes);

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** A stream that keeps its lines as objects. */
function lines() {
  const written: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      for (const line of String(chunk).split("\n")) if (line !== "") written.push(JSON.parse(line));
      done();
    },
  });
  return { written, stream };
}

/** Writes a record of each kind to a logger: from a handler, of an error, from Rust. */
async function write(logger: Parameters<typeof makeNode>[0] & object) {
  const node = makeNode({ logLevel: "trace", ...logger }, { node_id: "shop" });
  node.addService({
    name: "books",
    path: "books",
    actions: {
      order: (isbn: string, ctx: Context) => {
        ctx.logger.info("ordering", { isbn });
        const cause = new RangeError("inner");
        ctx.logger.error("failed", { error: new TypeError("outer", { cause }), n: 1 });
        ctx.logger.trace("deep");
      },
    },
  });
  await node.start();
  await node.request("books/order", ["moby-dick"], { requestId: "r-1", traceparent: TRACE });
  const stats = await node.closeLogs();
  expect(stats.total).toMatchObject({ dropped: 0, pending: 0 });
  return node;
}

const origin = { label: "shop", component: "Service", service: "books", action: "order" };

describe("pino", () => {
  async function check(toLogger: (logger: pino.Logger) => pino.Logger | LogSink) {
    const { written, stream } = lines();
    const logger = pino({ level: "trace", redact: ["isbn"] }, stream);
    const node = await write({ logger: toLogger(logger) });
    const bound = { ...origin, nodeId: node.id, target: "runar-ts", requestId: "r-1" };
    expect(written).toEqual([
      expect.objectContaining({ ...bound, level: 30, msg: "ordering", isbn: "[Redacted]" }),
      expect.objectContaining({
        ...bound,
        level: 50,
        msg: "failed",
        n: 1,
        traceparent: TRACE,
        err: expect.objectContaining({
          type: "TypeError",
          // This is how pino writes an error with a cause.
          message: "outer: inner",
          stack: expect.stringMatching(/^TypeError: outer(.|\n)*caused by: RangeError: inner/),
        }),
      }),
      expect.objectContaining({ ...bound, level: 10, msg: "deep" }),
    ]);
  }

  it("gets records as lines through pinoSink", () => check(pinoSink));

  it("can be passed directly", () => check((logger) => logger));

  it("distinguishes actions and events", async () => {
    const { written, stream } = lines();
    const node = makeNode({ logger: pino(stream) });
    node.addService({
      name: "a",
      path: "a",
      actions: {
        one: (ctx: Context) => ctx.logger.info("1"),
        two: (ctx: Context) => ctx.logger.info("2"),
      },
      events: { heard: (_, ctx) => ctx.logger.info("3") },
    });
    await node.start();
    for (const action of ["one", "two", "one"]) await node.request(`a/${action}`);
    await node.publish("heard");
    await node.closeLogs();
    expect(written.map(({ action, event, msg }) => [action, event, msg])).toEqual([
      ["one", undefined, "1"],
      ["two", undefined, "2"],
      ["one", undefined, "1"],
      [undefined, "heard", "3"],
    ]);
  });

  it("is flushed when the node stops", async () => {
    const { written, stream } = lines();
    let flushed = 0;
    const destination = Object.assign(stream, {
      flush(told: () => void) {
        flushed++;
        told();
      },
    });
    const node = makeNode({ logger: pino(destination) });
    await node.start();
    node.logger.info("bye");
    await node.stop();
    expect(written).toHaveLength(1);
    expect(flushed).toBe(1);
  });
});

describe("winston", () => {
  async function check(toLogger: (logger: winston.Logger) => winston.Logger | LogSink) {
    const { written, stream } = lines();
    const logger = winston.createLogger({
      level: "silly",
      format: winston.format.json(),
      transports: [new winston.transports.Stream({ stream })],
    });
    const node = await write({ logger: toLogger(logger) });
    const bound = { ...origin, nodeId: node.id, requestId: "r-1" };
    expect(written).toEqual([
      expect.objectContaining({ ...bound, level: "info", message: "ordering", isbn: "moby-dick" }),
      expect.objectContaining({
        ...bound,
        level: "error",
        message: "failed",
        n: 1,
        error: expect.objectContaining({ name: "TypeError", message: "outer" }),
      }),
      expect.objectContaining({ ...bound, level: "silly", message: "deep" }),
    ]);
    expect(Date.parse(written[0]?.timestamp as string)).toBeGreaterThan(0);
  }

  it("gets records as entries through winstonSink", () => check(winstonSink));

  it("can be passed directly", () => check((logger) => logger));

  it("applies backpressure without losing records", async () => {
    const gate = deferred();
    let taken = 0;
    class Slow extends Transport {
      override log(_entry: unknown, done: () => void) {
        taken++;
        gate.promise.then(done);
      }
    }
    const logger = winston.createLogger({ transports: [new Slow()] });
    const node = makeNode({ logger: winstonSink(logger) });
    for (let batch = 0; batch < 10; batch++) {
      for (let index = 0; index < 40; index++) node.logger.info(`${batch} ${index}`);
      await new Promise(setImmediate);
    }
    expect(node.logStats().total.pending).toBeGreaterThan(0);
    gate.resolve();
    await node.closeLogs();
    expect(node.logStats().total).toEqual({
      accepted: 400,
      delivered: 400,
      dropped: 0,
      pending: 0,
    });
    expect(taken).toBe(400);
  });
});

describe("OpenTelemetry", () => {
  it("gets records with severity, attributes, exception and trace", async () => {
    const exporter = new InMemoryLogRecordExporter();
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor(exporter)] });
    await write({ logger: otelSink(provider) });
    const [info, error, deep] = exporter.getFinishedLogRecords();
    expect(info).toMatchObject({
      severityNumber: 9,
      severityText: "INFO",
      body: "ordering",
      attributes: {
        isbn: "moby-dick",
        "runar.service": "books",
        "runar.action": "order",
        "runar.node.label": "shop",
        "runar.request.id": "r-1",
      },
      spanContext: {
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "b7ad6b7169203331",
        traceFlags: 1,
      },
    });
    expect(error?.attributes).toMatchObject({
      n: 1,
      "exception.type": "TypeError",
      "exception.message": "outer",
      "exception.stacktrace": expect.stringContaining("Caused by: RangeError: inner"),
    });
    expect([error?.severityNumber, deep?.severityNumber]).toEqual([17, 1]);
    const [seconds = 0] = info?.hrTime ?? [];
    expect(Math.abs(seconds * 1000 - Date.now())).toBeLessThan(60_000);
  });

  it("accepts any fields", async () => {
    const exporter = new InMemoryLogRecordExporter();
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor(exporter)] });
    const node = makeNode({ logger: otelSink(provider) });
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    node.logger.info("odd", {
      big: 1n,
      when: new Date(0),
      list: [1, null],
      circular,
      none: undefined,
    });
    const stats = await node.closeLogs();
    expect(stats.info.delivered).toBe(1);
    expect(exporter.getFinishedLogRecords()[0]?.attributes).toMatchObject({
      big: "1",
      when: "1970-01-01T00:00:00.000Z",
      list: [1, null],
    });
  });

  it("finds the span through the API", async () => {
    let seen: unknown;
    const sink = otelSink({
      getLogger: () => ({
        emit(record) {
          seen = trace.getSpanContext(record.context ?? context.active());
        },
      }),
    });
    await write({ logger: sink });
    expect(seen).toMatchObject({ spanId: "b7ad6b7169203331" });
  });

  it("is flushed when the node stops", async () => {
    const exporter: LogRecordExporter = new InMemoryLogRecordExporter();
    const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor(exporter)] });
    const node = makeNode({ logger: otelSink(provider) });
    await node.start();
    node.logger.info("bye");
    await node.stop();
    expect((exporter as InMemoryLogRecordExporter).getFinishedLogRecords()).toHaveLength(1);
    await provider.shutdown();
  });
});

describe("the console sink", () => {
  const record: LogRecord = {
    time: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    level: "warn",
    message: "low stock",
    service: "shop",
    action: "order",
    target: "runar-ts",
    fields: { left: 2 },
    seq: 1,
  };

  function written(options: Parameters<typeof consoleSink>[0], isTTY?: boolean): string {
    let text = "";
    const stream = {
      write(chunk: string) {
        text += chunk;
      },
      ...(isTTY === undefined ? undefined : { isTTY }),
    };
    consoleSink({ ...options, stream }).write([record]);
    return text;
  }

  const plain = "03:04:05.678 WARN  shop/order low stock left=2\n";

  it("writes JSON lines outside of a terminal", () => {
    expect(JSON.parse(written({}))).toEqual(record);
  });

  it("writes coloured lines on a terminal unless NO_COLOR is set", () => {
    const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
    delete process.env.FORCE_COLOR;
    delete process.env.NO_COLOR;
    process.env.TERM = "xterm";
    expect(written({}, true)).toContain("\x1b[");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    expect(written({}, true).replace(/\x1b\[\d+m/g, "")).toBe(plain);
    process.env.NO_COLOR = "1";
    expect(written({}, true)).toBe(plain);
    delete process.env.NO_COLOR;
    expect(written({ format: "pretty" })).toBe(plain);
    Object.assign(process.env, {
      ...(NO_COLOR === undefined ? {} : { NO_COLOR }),
      ...(FORCE_COLOR === undefined ? {} : { FORCE_COLOR }),
      ...(TERM === undefined ? {} : { TERM }),
    });
  });

  it("waits for a full stream to drain", async () => {
    const gate = deferred();
    const stream = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => void gate.promise.then(() => done()),
    });
    const node = makeNode({ logger: consoleSink({ stream }) });
    node.logger.info("1");
    await new Promise(setImmediate);
    node.logger.info("2");
    expect(node.logStats().info).toMatchObject({ accepted: 2, delivered: 0, pending: 2 });
    gate.resolve();
    expect((await node.closeLogs()).info.delivered).toBe(2);
  });
});

describe("tee", () => {
  it("filters by the level of each sink", async () => {
    const all: string[] = [];
    const some: string[] = [];
    const node = makeNode({
      logLevel: "debug",
      logger: tee(({ message }) => all.push(message), {
        sink: { write: (records) => void some.push(...records.map(({ message }) => message)) },
        level: "warn",
      }),
    });
    node.logger.debug("d");
    node.logger.warn("w");
    node.logger.error("e");
    await node.closeLogs();
    expect(all).toEqual(["d", "w", "e"]);
    expect(some).toEqual(["w", "e"]);
  });

  it("isolates a failing sink, and loses a record only when all sinks fail", async () => {
    const seen: string[] = [];
    const failing = () => {
      throw new Error("planned");
    };
    const node = makeNode({ logger: tee(failing, ({ message }) => seen.push(message)) });
    node.logger.info("kept");
    expect((await node.closeLogs()).info).toMatchObject({ delivered: 1, dropped: 0 });
    expect(seen).toEqual(["kept"]);
    const lost = makeNode({ logger: tee(failing, { write: async () => failing() }) });
    lost.logger.info("lost");
    expect((await lost.closeLogs()).info).toMatchObject({ delivered: 0, dropped: 1 });
  });

  it("refuses invalid sinks by position", () => {
    // @ts-expect-error: no such sink
    expect(thrown(() => tee(() => {}, { sink: 7 })).message).toMatch(/^tee\[1\]\.sink: expected/);
    // @ts-expect-error: no such level
    expect(thrown(() => tee({ sink: () => {}, level: "loud" })).message).toMatch(
      /^tee\[0\]\.level/,
    );
    expect(thrown(() => tee()).code).toBe("ERR_RUNAR_LOG_SINK");
  });
});
