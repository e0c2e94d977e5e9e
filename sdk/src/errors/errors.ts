/** Every error of the SDK, and how one is made from its code. */

import { CLASSES } from "../generated/error-classes.js";
import { ERRORS, type ErrorClassName, type ErrorCode } from "../generated/error-table.js";
import { SDK_FOLDER } from "../location.js";
import { nameClass, RunarError, type RunarErrorOptions } from "./runar-error.js";

export * from "../generated/error-classes.js";
export { ERRORS, type ErrorCode } from "../generated/error-table.js";
export { RunarError, type RunarErrorOptions } from "./runar-error.js";

type ErrorClass = new (code: ErrorCode, message: string, options?: RunarErrorOptions) => RunarError;

// The table pairs codes with classes, which the types of the classes cannot follow here.
const classes = CLASSES as unknown as Record<ErrorClassName, ErrorClass>;
for (const [name, errorClass] of Object.entries(classes)) nameClass(errorClass, name);

/** Makes the error of a code, in the class that the table gives it. */
export function createError(
  code: ErrorCode,
  message: string,
  options: RunarErrorOptions = {},
): RunarError {
  return new classes[ERRORS[code].class](code, message, options);
}

/** How an error crosses: the JSON that the Rust side writes, with the cause and the stack beside. */
export interface ErrorRecord {
  code: ErrorCode;
  message: string;
  details?: unknown;
  stack?: string;
  cause?: CauseRecord;
}

interface CauseRecord {
  name: string;
  message: string;
  /** Of an error of the SDK, as is `details`. */
  code?: ErrorCode;
  details?: unknown;
  /** Of the first cause only. */
  stack?: string;
  cause?: CauseRecord;
}

/** Causes of causes that travel; a chain may lead back to where it began. */
const MAX_CAUSES = 8;

/** The error object of a record that came from another isolate, or from Rust. */
export function fromRecord(record: ErrorRecord): RunarError {
  const code = Object.hasOwn(ERRORS, record.code) ? record.code : "ERR_RUNAR_ACTION";
  return createError(code, record.message, optionsOf(record));
}

function optionsOf({ details, cause }: ErrorRecord | CauseRecord): RunarErrorOptions {
  const options: RunarErrorOptions = {};
  if (details !== undefined && details !== null) options.details = details;
  if (cause) options.cause = fromCause(cause);
  return options;
}

function fromCause(record: CauseRecord): Error {
  const { name, message, code, stack } = record;
  const options = optionsOf(record);
  const cause =
    code !== undefined && Object.hasOwn(ERRORS, code)
      ? createError(code, message, options)
      : Object.assign(new Error(message, options), { name });
  if (stack) cause.stack = stack;
  return cause;
}

/** The record of an error, for a caller that cannot get the object itself. */
export function toRecord(error: RunarError): ErrorRecord {
  const record: ErrorRecord = { code: error.code, message: error.message };
  if (error.details !== undefined) record.details = plain(error.details);
  if (error.stack !== undefined) record.stack = error.stack;
  if (error.cause !== undefined) record.cause = causeRecord(error.cause);
  return record;
}

function causeRecord(cause: unknown, depth = 1): CauseRecord {
  try {
    if (cause instanceof Error) {
      const { name, message, stack } = cause;
      const record: CauseRecord = { name, message };
      if (cause instanceof RunarError) {
        record.code = cause.code;
        if (cause.details !== undefined) record.details = plain(cause.details);
      }
      if (stack !== undefined && depth === 1) record.stack = stack;
      if (cause.cause !== undefined && depth < MAX_CAUSES) {
        record.cause = causeRecord(cause.cause, depth + 1);
      }
      return record;
    }
  } catch {
    // Whatever cannot be read is told in words.
  }
  return { name: "Error", message: describeThrown(cause) };
}

/** Details as JSON has them; those that JSON cannot hold are told in words. */
function plain(details: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(details));
  } catch {
    return describeThrown(details);
  }
}

/** What somebody threw, in words. Whatever was thrown, this does not throw. */
export function describeThrown(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return String(thrown.message);
    if (typeof thrown === "string" || typeof thrown === "bigint") return String(thrown);
    return JSON.stringify(thrown) ?? String(thrown);
  } catch {
    return `${typeof thrown === "object" ? "an object" : `a ${typeof thrown}`} that cannot be read`;
  }
}

/** The reason of a signal that fires because its work is no longer wanted. */
export function abortError(why: string): DOMException {
  return new DOMException(why, "AbortError");
}

/** The same error, if it is one of the SDK's. */
export function asRunarError(thrown: unknown): RunarError | undefined {
  try {
    return thrown instanceof RunarError ? thrown : undefined;
  } catch {
    // A proxy may refuse to say what it is.
    return undefined;
  }
}

/**
 * Adds the stack of whoever waits for a failed call to its error. Called from an async function
 * that the caller awaits: engines with async stack traces then name the caller, at no cost to a
 * call that succeeds.
 */
export function addCallerStack(error: Error, call: string): void {
  const here = new Error();
  const frames = (here.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !line.includes(SDK_FOLDER));
  if (frames.length === 0) return;
  const known = error.stack ?? `${error.name}: ${error.message}`;
  if (frames.every((frame) => known.includes(frame))) return;
  // Others may share an error that they made themselves; what is frozen stays as it is.
  if (!(error instanceof RunarError) || !Object.isExtensible(error)) return;
  Object.defineProperty(error, "stack", {
    value: `${known}\n    at --- request ${call} ---\n${frames.join("\n")}`,
    configurable: true,
    writable: true,
  });
}
