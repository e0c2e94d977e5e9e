/** Tells of failures of logging itself, which no sink can be told of. */

import { DescriptorError } from "./descriptor.js";

const STDERR = 2;
let hasWarned = false;

/**
 * Writes a line to the standard error stream or, where nothing reads that any more, warns as the
 * runtime does: programs that listen to the event `warning` hear of it.
 */
export function report(what: string, cause?: unknown): void {
  const text = `runar-ts: ${what}`;
  if (cause instanceof DescriptorError && cause.fd === STDERR) {
    warn(text);
    return;
  }
  try {
    process.stderr.write(`${text}\n`, (error) => {
      if (error != null) warn(text);
    });
  } catch {
    warn(text);
  }
}

function warn(text: string): void {
  // Node writes warnings to the same stream, and from the second failure on dies of its error.
  if (!hasWarned) process.stderr.on("error", () => undefined);
  hasWarned = true;
  process.emitWarning(text);
}
