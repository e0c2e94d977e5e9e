import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { createError, describeThrown } from "../src/errors/errors.js";
import { readRecord, writeRecord } from "../src/errors/record.js";
import { MAX_ERROR_CAUSES, MAX_ERROR_TEXT } from "../src/generated/protocol.js";
import { RunarError, TimeoutError, ValueError } from "../src/index.js";

const CROSSING = 2 ** 20;

const failed = (cause: unknown) => createError("ERR_RUNAR_ACTION", "a/b: failed", { cause });
const crossed = (error: RunarError) => readRecord(writeRecord(error));

class PaymentError extends Error {
  override name = "PaymentError";
  readonly code = "CARD_DECLINED";
  readonly status = 402;
  readonly data = { card: "visa", tries: [1, 2] };
}

describe("an error across isolates", () => {
  it("keeps code, message, details and stack", () => {
    const error = createError("ERR_RUNAR_TIMEOUT", "a/b: no answer", { details: { path: "a/b" } });
    const copy = crossed(error);
    expect(copy).toBeInstanceOf(TimeoutError);
    expect(copy.toJSON()).toEqual(error.toJSON());
  });

  it("keeps the own properties of its cause", () => {
    const { cause } = crossed(failed(new PaymentError("no money")));
    expect(cause).toMatchObject({
      name: "PaymentError",
      message: "no money",
      code: "CARD_DECLINED",
      status: 402,
      data: { card: "visa", tries: [1, 2] },
    });
  });

  it("omits properties that JSON cannot represent and keeps the others", () => {
    const error = Object.assign(new Error("odd"), {
      kept: null,
      big: 5n,
      when: new Date(0),
      deep: { map: new Map() },
      nan: Number.NaN,
      run: () => 1,
      toString: () => "odd",
    });
    expect(Object.keys(crossed(failed(error)).cause as object)).toEqual(["kept"]);
  });

  it("keeps the errors of an AggregateError and their causes", () => {
    const errors = [new PaymentError("one"), new Error("two", { cause: new RangeError("three") })];
    const { cause } = crossed(failed(new AggregateError(errors, "both")));
    expect(cause).toBeInstanceOf(AggregateError);
    expect(cause).toMatchObject({
      message: "both",
      errors: [{ status: 402 }, { message: "two", cause: { name: "RangeError" } }],
    });
  });

  it("bounds the size of cyclic causes", () => {
    const error = new Error("round");
    error.cause = error;
    const many = new AggregateError(Array(10_000).fill(error), "many");
    expect(writeRecord(failed(many)).length).toBeLessThan(CROSSING);
  });

  it("counts the causes of all levels together", () => {
    const group = (errors: unknown[]) => new AggregateError(errors, "group");
    const inner = Array.from({ length: 10 }, () => group(Array(10).fill(new Error("one"))));
    const causes = writeRecord(failed(group(inner))).match(/"name":/g);
    expect(causes).toHaveLength(MAX_ERROR_CAUSES);
  });

  it("replaces halves of characters, which no text of Rust can have", () => {
    const text = `\\ud83d \ud83d\ude00 \ud83d`;
    const error = createError("ERR_RUNAR_VALUE", text, { details: { text } });
    const wellFormed = `\\ud83d \ud83d\ude00 \ufffd`;
    expect(crossed(error)).toMatchObject({ message: wellFormed, details: { text: wellFormed } });
  });

  it("accepts an error of another realm", () => {
    const { cause } = crossed(failed(runInNewContext("new RangeError('elsewhere')")));
    expect(cause).toMatchObject({ name: "RangeError", message: "elsewhere" });
  });
});

describe("the size of a record is bounded", () => {
  const control = "\u0001".repeat(13 * 1024 * 1024);
  it.each<[string, () => RunarError]>([
    ["a message of control characters", () => createError("ERR_RUNAR_ACTION", control)],
    ["a cause of control characters", () => failed(new Error(control))],
    ["a thrown text of control characters", () => failed(control)],
    ["a name", () => failed(Object.assign(new Error("x"), { name: control }))],
    ["a stack", () => failed(Object.assign(new Error("x"), { stack: control }))],
    ["details", () => createError("ERR_RUNAR_VALUE", "x", { details: { control } })],
    ["a property", () => failed(Object.assign(new Error("x"), { control }))],
    [
      "many properties",
      () =>
        failed(
          Object.assign(
            new Error("x"),
            Object.fromEntries(
              Array(99_999)
                .fill(0)
                .map((_, i) => [i, i]),
            ),
          ),
        ),
    ],
    [
      "a chain of causes with long messages",
      () => {
        let cause = new Error(control);
        for (let depth = 0; depth < 100; depth++) cause = new Error(control, { cause });
        return failed(cause);
      },
    ],
  ])("%s", (_, make) => {
    const text = writeRecord(make());
    expect(text.length).toBeLessThan(CROSSING);
    expect(readRecord(text).code).toMatch(/^ERR_RUNAR_/);
  });

  it("truncates the description of a thrown value", () => {
    expect(describeThrown("x".repeat(MAX_ERROR_TEXT + 5))).toMatch(/x… \(5 more characters\)$/);
  });
});

describe("an invalid record becomes an error", () => {
  it.each([
    "",
    "null",
    "[]",
    "5",
    '{"code":"ERR_MADE_UP","message":"x"}',
    '{"code":{"toString":1},"message":{"toString":1}}',
    '{"code":"ERR_RUNAR_ACTION","message":"m","cause":{"message":{"toString":1}}}',
    '{"code":"ERR_RUNAR_ACTION","message":"m","cause":{"message":"c","name":{"toString":1},"stack":7}}',
    '{"code":"ERR_RUNAR_ACTION","message":"m","cause":{"message":"c","errors":[{"message":[]},null,7]}}',
    '{"code":"ERR_RUNAR_ACTION","message":"m","cause":{"message":"c","properties":{"__proto__":{"a":1},"then":1,"toString":1}}}',
    `{"code":"ERR_RUNAR_ACTION","message":"m","cause":${'{"cause":'.repeat(5_000)}null${"}".repeat(5_000)}}`,
  ])("%.80s", (text) => {
    const error = readRecord(text);
    expect(error).toBeInstanceOf(RunarError);
    expect(`${error.message}${String(error.cause)}`).toBeTypeOf("string");
    expect(Object.getPrototypeOf({})).not.toHaveProperty("a");
  });
});

describe("another copy of the package", () => {
  /** As a second copy makes it: nothing but the brand is shared. */
  class OtherRunarError extends Error {
    readonly code = "ERR_RUNAR_TIMEOUT";
    readonly retryable = true;
    readonly details = undefined;
  }
  Object.defineProperty(OtherRunarError.prototype, Symbol.for("runar-ts.error"), {
    value: "TimeoutError",
  });
  const other: unknown = new OtherRunarError("other");

  it("has errors that is() and instanceof recognise", () => {
    expect(RunarError.is(other)).toBe(true);
    expect(other).toBeInstanceOf(RunarError);
    expect(other).toBeInstanceOf(TimeoutError);
    expect(other).not.toBeInstanceOf(ValueError);
    expect(crossed(failed(other)).cause).toBeInstanceOf(TimeoutError);
  });

  it("does not affect classes of users", () => {
    class Mine extends TimeoutError {}
    expect(other).not.toBeInstanceOf(Mine);
    const mine = new Mine("ERR_RUNAR_TIMEOUT", "mine");
    expect(mine).toBeInstanceOf(Mine);
    expect(mine).toBeInstanceOf(RunarError);
    expect(RunarError.is(new Error("plain"))).toBe(false);
  });

  it("cannot create an error with an unknown code", () => {
    expect(() => new RunarError("ERR_MINE" as never, "x")).toThrow(/ERR_MINE is no error code/);
  });
});
