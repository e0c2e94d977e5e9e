/** The binding to the addon, and the conversion of its failures to errors of the SDK. */

import { type Binding, load } from "runar-ts-ffi";
import { createError, describeThrown } from "../errors/errors.js";
import { readRecord } from "../errors/record.js";

function loadBinding(): Binding {
  try {
    return load();
  } catch (error) {
    throw createError("ERR_RUNAR_LOAD", describeThrown(error), { cause: error });
  }
}

/**
 * With RUST_BACKTRACE set, every error that the core makes on its way to an answer would collect a
 * backtrace, which costs more than the call itself. Rust looks once, so the more specific variable
 * needs to be there only until then. Backtraces of panics are not touched.
 */
function withoutErrorBacktraces<T>(body: () => T): T {
  const { env } = process;
  if (env.RUST_BACKTRACE === undefined || env.RUST_LIB_BACKTRACE !== undefined) return body();
  env.RUST_LIB_BACKTRACE = "0";
  try {
    return body();
  } finally {
    delete env.RUST_LIB_BACKTRACE;
  }
}

export const native: Binding = withoutErrorBacktraces(() => {
  const binding = loadBinding();
  binding.settleBacktraces();
  return binding;
});

/** The typed error behind one that the addon threw: the guard writes it as JSON. */
export function fromNative(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !thrown.message.startsWith("{")) return thrown;
  const error = readRecord(thrown.message);
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
