/** The errors of the SDK, and their creation by code. */

import { CLASSES } from "../generated/error-classes.js";
import { ERRORS, type ErrorClassName, type ErrorCode } from "../generated/error-table.js";
import { MAX_ERROR_TEXT } from "../generated/protocol.js";
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

/** Describes a thrown value, within a limit. Never throws. */
export function describeThrown(thrown: unknown): string {
  const text = wholeText(thrown);
  if (text.length <= MAX_ERROR_TEXT) return text;
  return `${text.slice(0, MAX_ERROR_TEXT)}… (${text.length - MAX_ERROR_TEXT} more characters)`;
}

function wholeText(thrown: unknown): string {
  try {
    if (isError(thrown)) return String(thrown.message);
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

/** Whether something is an error, of this realm or another: a Jest test, a `vm` context. */
export function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || Object.prototype.toString.call(thrown) === "[object Error]";
}

/** The same error, if it is one of the SDK's, or of another copy of the SDK. */
export function asRunarError(thrown: unknown): RunarError | undefined {
  try {
    return RunarError.is(thrown) ? thrown : undefined;
  } catch {
    // A proxy may refuse to say what it is.
    return undefined;
  }
}

/**
 * Adds the stack of the caller to the error of a failed call. Called from an async function
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
