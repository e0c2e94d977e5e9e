/** The addon, and its failures as errors of the SDK. */

import { type Binding, load } from "runar-ts-ffi";
import { createError, describeThrown, type ErrorRecord, fromRecord } from "./errors.js";

function loadBinding(): Binding {
  try {
    return load();
  } catch (error) {
    throw createError("ERR_RUNAR_LOAD", describeThrown(error), { cause: error });
  }
}

export const native: Binding = loadBinding();

/** The typed error behind one that the addon threw: the guard writes it as JSON. */
export function fromNative(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !thrown.message.startsWith("{")) return thrown;
  const error = fromRecord(JSON.parse(thrown.message) as ErrorRecord);
  // The frames of the call are worth more than those of the conversion.
  if (thrown.stack) error.stack = thrown.stack.replace(thrown.message, error.message);
  return error;
}

/** Calls the addon, and throws its failure as a typed error. */
export function callNative<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw fromNative(thrown);
  }
}
