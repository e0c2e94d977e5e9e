/** Whatever a record holds can be read, in every sink; a record that fails takes no other with it. */

import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { pino, stdTimeFunctions } from "pino";
import type { LogRecord } from "runar-ts";
import { consoleSink, otelSink, tee } from "runar-ts/logging";
import { afterEach, describe, expect, it } from "vitest";
import winston from "winston";
import { expectAccounts, turn } from "./log-support.js";
import { makeNode, runProgram, stopNodes } from "./support.js";

afterEach(stopNodes);

class Amount {
  readonly #currency = "EUR";
  constructor(readonly cents: number) {}
  get currency() {
    return this.#currency;
  }
}

const thrower = (): never => {
  throw new Error("no");
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const circle: Record<string, unknown> = { name: "circle" };
circle.self = circle;
const shared = { city: "Oslo" };

/** A value, and how it is shown as JSON. */
const values: Record<string, [given: unknown, shown: unknown]> = {
  "a toJSON that throws": [{ toJSON: thrower }, "[cannot be read: no]"],
  "a toJSON": [{ toJSON: () => ({ n: 1n }) }, { n: "1n" }],
  "an object used twice": [
    [shared, shared, { shared }],
    [shared, shared, { shared }],
  ],
  "a cycle": [{ circle }, { circle: { name: "circle", self: "[seen before]" } }],
  "a Map": [new Map([["a", { n: 1 }]]), { a: { n: 1 } }],
  "a Map with other keys": [new Map([[1, "one"]]), [[1, "one"]]],
  "a Map with the key of a prototype": [
    new Map([["__proto__", 1]]),
    JSON.parse(`{"__proto__": 1}`),
  ],
  "a Set": [new Set([1, new Set(["a"])]), [1, ["a"]]],
  "an error": [
    Object.assign(new TypeError("outer", { cause: new RangeError("inner") }), { status: 503 }),
    {
      name: "TypeError",
      message: "outer",
      status: 503,
      stack: expect.stringContaining("TypeError: outer"),
      cause: expect.objectContaining({ name: "RangeError", message: "inner" }),
    },
  ],
  "an AggregateError": [
    new AggregateError([new Error("one"), "two"], "many"),
    expect.objectContaining({
      message: "many",
      errors: [expect.objectContaining({ message: "one" }), "two"],
    }),
  ],
  "a Date": [new Date(0), "1970-01-01T00:00:00.000Z"],
  "a Date that is none": [new Date(Number.NaN), "Invalid Date"],
  "a bigint": [[2n ** 70n], ["1180591620717411303424n"]],
  "a symbol": [[Symbol("mark")], ["Symbol(mark)"]],
  "a function": [
    [function named() {}, Amount],
    ["[Function: named]", "[Function: Amount]"],
  ],
  bytes: [new Uint8Array([1, 255]), "Uint8Array(2) 01ff"],
  "many bytes": [Buffer.alloc(100, 1), `Buffer(100) ${"01".repeat(64)}... 36 more`],
  "a typed array": [new Float64Array([0.5, 2]), [0.5, 2]],
  "a class instance": [new Amount(5), { cents: 5 }],
  "an instance with nothing to show": [
    [new WeakMap(), /a+/g],
    ["[WeakMap]", "/a+/g"],
  ],
  "a getter that throws": [
    Object.defineProperty({ fine: 1 }, "bad", { enumerable: true, get: thrower }),
    { fine: 1, bad: "[cannot be read: no]" },
  ],
  "a proxy that refuses": [new Proxy({}, { get: thrower }), "[cannot be read: no]"],
  "a revoked proxy": [revoked(), expect.stringMatching(/^\[cannot be read: /)],
  "an object without a prototype": [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
};

describe("a field that JSON cannot hold", () => {
  const cases = Object.entries(values).map(([name, [given, shown]]) => ({ name, given, shown }));

  it.each(cases)(
    "is shown in JSON lines and in lines for people: $name",
    async ({ given, shown }) => {
      let text = "";
      const stream = { write: (part: string) => (text += part) };
      const fields = { before: 1, value: given, after: 2 };
      const json = makeNode({ logger: consoleSink({ stream, format: "json" }) });
      json.logger.info("x", fields);
      await json.closeLogs();
      expect(JSON.parse(text).fields).toEqual({ before: 1, value: shown, after: 2 });
      text = "";
      const pretty = makeNode({ logger: consoleSink({ stream, format: "pretty" }) });
      pretty.logger.info("x", fields);
      await pretty.closeLogs();
      const [, value = ""] = /before=1 value=(.*) after=2\n$/s.exec(text) ?? [];
      expect(JSON.parse(value)).toEqual(shown);
    },
  );

  it.each(cases)("is shown by pino, winston and OpenTelemetry: $name", async ({ given, shown }) => {
    const fields = { before: 1, value: given, after: 2 };
    const shownBy = async (logger: Parameters<typeof makeNode>[0]) => {
      const node = makeNode(logger);
      node.logger.info("x", fields);
      expect((await node.closeLogs()).info).toMatchObject({ delivered: 1, dropped: 0 });
    };
    let line = "";
    await shownBy({ logger: pino({ base: null }, { write: (text) => (line += text) }) });
    expect(JSON.parse(line)).toMatchObject({ before: 1, value: shown, after: 2 });
    const entries: Record<string, unknown>[] = [];
    const format = winston.format((info) => {
      entries.push(info);
      return false;
    });
    const transports = [new winston.transports.Console()];
    await shownBy({ logger: winston.createLogger({ format: format(), transports }) });
    expect(JSON.parse(JSON.stringify(entries[0]))).toMatchObject({ before: 1, value: shown });
    const exporter = new InMemoryLogRecordExporter();
    const processors = [new SimpleLogRecordProcessor(exporter)];
    await shownBy({ logger: otelSink(new LoggerProvider({ processors })) });
    const [record] = exporter.getFinishedLogRecords();
    const attribute = record?.attributes.value;
    // Bytes are values of OpenTelemetry, and lists of several types are none.
    if (ArrayBuffer.isView(given) && given instanceof Uint8Array) expect(attribute).toBe(given);
    else if (Array.isArray(shown) && typeof attribute === "string") {
      expect(JSON.parse(attribute)).toEqual(shown);
    } else expect(JSON.parse(JSON.stringify(attribute))).toEqual(shown);
  });

  it("costs no more than its size, however often objects are shared", async () => {
    let value: object = { leaf: 1 };
    for (let level = 0; level < 60; level++) value = { left: value, right: value };
    let chain: object = {};
    for (let level = 0; level < 100_000; level++) chain = { chain };
    let text = "";
    const node = makeNode({
      logger: consoleSink({ format: "json", stream: { write: (part) => (text += part) } }),
    });
    node.logger.info("x", { value, chain });
    await node.closeLogs();
    expect(JSON.parse(text).fields.value.left).toBeTypeOf("object");
    expect(text.length).toBeLessThan(100_000);
  });
});

describe("the fields of a record", () => {
  it("are read one by one where one of them throws, in a child logger too", async () => {
    const node = makeNode();
    const given = Object.defineProperty({ fine: 1 }, "bad", { enumerable: true, get: thrower });
    node.logger.info("given", given);
    node.logger.child(given).info("bound", { more: 2 });
    await node.closeLogs();
    const bad = "[cannot be read: no]";
    expect(node.records.map(({ fields }) => fields)).toEqual([
      { fine: 1, bad },
      { fine: 1, bad, more: 2 },
    ]);
  });

  it("are redacted within Maps and Sets, which are shown", async () => {
    const node = makeNode({ redact: ["headers.authorization", "users[*].token"] });
    const headers = new Map([
      ["authorization", "secret"],
      ["accept", "*/*"],
    ]);
    const users = new Set([{ token: "secret", name: "ada" }]);
    node.logger.info("x", { headers, users });
    await node.closeLogs();
    expect(node.records[0]?.fields).toEqual({
      headers: new Map([
        ["authorization", "[Redacted]"],
        ["accept", "*/*"],
      ]),
      users: new Set([{ token: "[Redacted]", name: "ada" }]),
    });
    expect(headers.get("authorization")).toBe("secret");
  });
});

describe("the error of a record", () => {
  it("has what an AggregateError is made of, and causes that are no errors", async () => {
    let text = "";
    const stream = { write: (part: string) => (text += part) };
    const node = makeNode({ logger: consoleSink({ stream, format: "pretty" }) });
    const seen: LogRecord[] = [];
    const other = makeNode({ logger: (record) => seen.push(record) });
    const error = new AggregateError([new TypeError("one"), "two"], "many", { cause: "full" });
    const looped = new AggregateError([] as unknown[], "looped");
    looped.errors = Array.from({ length: 100 }, () => looped);
    for (const { logger } of [node, other]) {
      logger.error("failed", { error });
      logger.error("looped", { error: looped });
    }
    await node.closeLogs();
    await other.closeLogs();
    expect(seen[0]?.error).toMatchObject({
      name: "AggregateError",
      message: "many",
      cause: { message: "full" },
      errors: [{ name: "TypeError", message: "one" }, { message: "two" }],
    });
    expect(JSON.stringify(seen[1]).length).toBeLessThan(100_000);
    expect(text).toMatch(
      /AggregateError: many[\s\S]*\[TypeError: one[\s\S]*\[Error: two\]\nCaused by: Error: full/,
    );
  });
});

describe("the time of a record", () => {
  const formats: Record<
    string,
    [timestamp: boolean | (() => string), read: (line: string) => number]
  > = {
    "milliseconds, by default": [true, (line) => JSON.parse(line).time],
    seconds: [stdTimeFunctions.unixTime, (line) => JSON.parse(line).time * 1000],
    "a date": [stdTimeFunctions.isoTime, (line) => Date.parse(JSON.parse(line).time)],
    "a date under another name": [
      () => `,"@timestamp":"${new Date().toISOString()}"`,
      (line) => Date.parse(JSON.parse(line)["@timestamp"]),
    ],
  };
  it.each(Object.entries(formats))("is its own in pino: %s", async (_, [timestamp, read]) => {
    let line = "";
    const node = makeNode({
      logger: tee(pino({ timestamp }, { write: (text) => (line += text) }), () => undefined),
    });
    const before = Date.now();
    node.logger.info("x");
    const after = Date.now();
    while (Date.now() < after + 1100);
    await node.closeLogs();
    expect(line.match(/time/g)).toHaveLength(1);
    expect(read(line)).toBeGreaterThanOrEqual(before - 1000);
    expect(read(line)).toBeLessThanOrEqual(after + 500);
    if (timestamp !== stdTimeFunctions.unixTime) {
      expect(read(line)).toBeGreaterThanOrEqual(before - 25);
      expect(read(line)).toBeLessThanOrEqual(after + 25);
    }
  });

  it("is left out where the logger of pino has none", async () => {
    let line = "";
    const node = makeNode({
      logger: pino({ timestamp: false }, { write: (text) => (line += text) }),
    });
    node.logger.info("x");
    await node.closeLogs();
    expect(JSON.parse(line)).not.toHaveProperty("time");
  });
});

describe("a record that a sink cannot take", () => {
  it("takes no other with it, in pino, winston and OpenTelemetry", async () => {
    const failing = (message: unknown) => {
      if (message === "bad") throw new Error("planned");
    };
    const sinks = [
      pino(
        {
          hooks: {
            logMethod(args, method) {
              failing(args[0]);
              return method.apply(this, args);
            },
          },
        },
        { write: () => undefined },
      ),
      winston.createLogger({
        format: winston.format((info) => {
          failing(info.message);
          return false;
        })(),
        transports: [new winston.transports.Console()],
      }),
      otelSink({ getLogger: () => ({ emit: ({ body }) => failing(body) }) }),
    ];
    for (const logger of sinks) {
      const node = makeNode({ logger });
      for (const message of ["one", "bad", "two"]) node.logger.info(message);
      expect((await node.closeLogs()).info).toMatchObject({ delivered: 2, dropped: 1 });
    }
  });

  it("is lost in a tee when none of those that it was for has taken it", async () => {
    const failing = thrower;
    const warnings: string[] = [];
    const node = makeNode({
      logger: tee(failing, { sink: ({ message }) => warnings.push(message), level: "warn" }),
    });
    node.logger.info("for the first alone");
    node.logger.warn("for both");
    const stats = await node.closeLogs();
    expectAccounts(stats);
    expect([stats.info.dropped, stats.warn.delivered]).toEqual([1, 1]);
    expect(warnings).toEqual(["for both"]);
  });
});

describe("a program that ends", () => {
  it("gives an asynchronous function every record", async () => {
    const ended = await runProgram(`
      import { writeSync } from "node:fs";
      const node = new Node({}, { logger: async ({ message }) => {
        writeSync(1, message + "\\n");
        await new Promise(() => {});
      } });
      for (let index = 0; index < 100; index++) node.logger.info(String(index));
      await new Promise(setImmediate);
      process.exit(0);`);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout.trim().split("\n")).toEqual(
      Array.from({ length: 100 }, (_, index) => String(index)),
    );
  });

  it("leaves nothing in a destination of pino that gathers", async () => {
    const ended = await runProgram(`
      import { pino } from "pino";
      const destination = pino.destination({ dest: 1, sync: false, minLength: 4096 });
      const node = new Node({}, { logger: pino(destination) });
      await new Promise((resolve) => destination.once("ready", resolve));
      node.logger.info("before");
      process.on("exit", () => node.logger.info("within"));
      process.exit(0);`);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(
      ended.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).msg),
    ).toEqual(["before", "within"]);
  });

  it("calls flushSync of a sink, after its last batch", async () => {
    const ended = await runProgram(`
      import { writeSync } from "node:fs";
      const held = [];
      const node = new Node({}, { logger: {
        write: (records) => { held.push(...records); return new Promise(() => {}); },
        flushSync: () => { for (const { message } of held.splice(0)) writeSync(1, message + "\\n"); },
      } });
      node.logger.info("1");
      await new Promise(setImmediate);
      node.logger.info("2");`);
    expect(ended).toEqual({ code: 0, signal: null, stderr: "", stdout: "1\n2\n" });
  });
});

it("a stream that fails costs its records, and ends no program", async () => {
  const ended = await runProgram(`
    import { Writable } from "node:stream";
    import { consoleSink } from "runar-ts";
    const stream = new Writable({ write: (chunk, encoding, done) => done(new Error("disk full")) });
    const node = new Node({}, { logger: consoleSink({ stream }) });
    node.logger.info("lost");
    console.log(JSON.stringify((await node.closeLogs()).info));`);
  expect(ended).toMatchObject({
    code: 0,
    stdout: `{"accepted":1,"delivered":0,"dropped":1,"pending":0}\n`,
    stderr: "runar-ts: a log sink failed; its records are lost: disk full\n",
  });
});

it("a stream has taken records once it calls back", async () => {
  const { Writable } = await import("node:stream");
  const waiting: (() => void)[] = [];
  const stream = new Writable({ write: (_chunk, _encoding, done) => void waiting.push(done) });
  const node = makeNode({ logger: consoleSink({ stream }) });
  node.logger.info("x");
  await turn();
  expect(node.logStats().info).toMatchObject({ delivered: 0, pending: 1 });
  waiting.shift()?.();
  await turn();
  expect(node.logStats().info).toMatchObject({ delivered: 1, pending: 0 });
});
