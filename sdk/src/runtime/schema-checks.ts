/** The checks of payloads and results by Standard Schemas. */

import type { EventHandler } from "../api/context.js";
import type { ErrorCode } from "../errors/errors.js";
import { isAsyncIterable } from "../platform/async-iterable.js";
import { isPromiseLike } from "../platform/promise-like.js";
import type { StandardSchemaV1 } from "../validation/standard-schema.js";
import { refuse } from "../validation/validator.js";
import type { BoundHandler } from "./arguments.js";

type Result = StandardSchemaV1.Result<unknown>;

function pathOf(issue: StandardSchemaV1.Issue): string {
  return (issue.path ?? [])
    .map((step) => (typeof step === "object" ? step.key : step))
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("");
}

function checkedValue(result: Result, code: ErrorCode, where: string, root: string): unknown {
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map((issue) => ({
    path: `${root}${pathOf(issue)}`,
    message: issue.message,
  }));
  const text = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  return refuse(where, text, code, { issues });
}

/** Passes a value on once it is checked, at once if the schema allows. */
function check(
  schema: StandardSchemaV1,
  value: unknown,
  refuse: (result: Result) => unknown,
  next: (value: unknown) => unknown,
): unknown {
  const result = schema["~standard"].validate(value);
  if (isPromiseLike(result)) {
    return Promise.resolve(result).then((settled) => next(refuse(settled)));
  }
  return next(refuse(result));
}

/**
 * Of a stream each item is checked. Not a generator: leaving one that has not begun would not end the
 * stream behind it.
 */
function checkedItems(
  stream: AsyncIterable<unknown>,
  checkOne: (item: unknown) => unknown,
): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]() {
      const items = stream[Symbol.asyncIterator]();
      return {
        async next() {
          const { done, value } = await items.next();
          return done ? { done, value } : { done: false, value: await checkOne(value) };
        },
        async return() {
          await items.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/**
 * Puts a check of the payload before a handler, and one of the result behind it. The single argument
 * of a typed client is the payload.
 */
export function withSchemas(
  run: BoundHandler,
  path: string,
  input: StandardSchemaV1 | undefined,
  output: StandardSchemaV1 | undefined,
): BoundHandler {
  const refuseInput = (result: Result) =>
    checkedValue(result, "ERR_RUNAR_INVALID_ARGUMENT", path, "payload");
  const refuseOutput = (result: Result) =>
    checkedValue(result, "ERR_RUNAR_INVALID_RESULT", path, "result");
  const checked: BoundHandler =
    output === undefined
      ? run
      : (payload, context) => {
          const result = run(payload, context);
          const checkOne = (value: unknown) => check(output, value, refuseOutput, (it) => it);
          const pass = (value: unknown) =>
            isAsyncIterable(value) ? checkedItems(value, checkOne) : checkOne(value);
          return isPromiseLike(result) ? Promise.resolve(result).then(pass) : pass(result);
        };
  if (input === undefined) return checked;
  return (payload, context) => {
    const isSingle = context.positional && Array.isArray(payload) && payload.length <= 1;
    const seen = isSingle ? (payload as unknown[])[0] : payload;
    return check(input, seen, refuseInput, (value) => checked(value, context));
  };
}

/** Puts a check of the value before a handler of events. */
export function withEventSchema(
  input: StandardSchemaV1 | undefined,
  run: EventHandler,
): EventHandler {
  if (input === undefined) return run;
  return (event, context) => {
    const refuse = (result: Result) =>
      checkedValue(result, "ERR_RUNAR_INVALID_ARGUMENT", event.topic, "value");
    return check(input, event.value, refuse, (value) => run({ ...event, value }, context));
  };
}
