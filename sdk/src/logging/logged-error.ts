/** Errors of records as plain data, and as text. */

import { describeThrown } from "../errors/errors.js";
import { isError } from "./readable.js";
import type { LoggedError } from "./record.js";

const MAX_DEPTH = 8;
/** So many errors a record has at most, those within an `AggregateError` included. */
const MAX_ERRORS = 32;

/** What was thrown, as plain data. */
export function loggedError(error: Error): LoggedError {
  return read(error, 0, { left: MAX_ERRORS });
}

function read(error: Error, depth: number, count: { left: number }): LoggedError {
  count.left--;
  try {
    const logged: LoggedError = { name: String(error.name), message: String(error.message) };
    const { code, stack, cause, errors } = error as Error & { code?: unknown; errors?: unknown };
    if (typeof code === "string") logged.code = code;
    if (stack !== undefined) logged.stack = String(stack);
    if (depth >= MAX_DEPTH) return logged;
    if (cause !== undefined && count.left > 0) logged.cause = readThrown(cause, depth + 1, count);
    if (!Array.isArray(errors)) return logged;
    logged.errors = [];
    for (const inner of errors as unknown[]) {
      if (count.left <= 0) break;
      logged.errors.push(readThrown(inner, depth + 1, count));
    }
    return logged;
  } catch (thrown) {
    return { name: "Error", message: `an error that cannot be read: ${describeThrown(thrown)}` };
  }
}

function readThrown(thrown: unknown, depth: number, count: { left: number }): LoggedError {
  if (isError(thrown)) return read(thrown, depth, count);
  count.left--;
  return { name: "Error", message: describeThrown(thrown) };
}

/** An error with its stack, and with what led to it. */
export function describeError({ name, message, stack, cause, errors }: LoggedError): string {
  const inner = errors?.map((error) => `\n[${describeError(error)}]`.replaceAll("\n", "\n    "));
  const text = `${stack ?? `${name}: ${message}`}${inner?.join("") ?? ""}`;
  return cause === undefined ? text : `${text}\nCaused by: ${describeError(cause)}`;
}
