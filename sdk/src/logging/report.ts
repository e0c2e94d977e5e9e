/** Tells of failures of logging itself, which no sink can be told of. */

/**
 * Writes a line to the standard error stream or, where nothing reads that any more, warns as the
 * runtime does: programs that listen to the event `warning` hear of it.
 */
export function report(what: string): void {
  const { stderr } = process;
  const failed = (error?: Error | null) => {
    if (error == null) return;
    // The event that follows would end the process.
    if (stderr.listenerCount("error") === 0) stderr.once("error", () => undefined);
    process.emitWarning(`runar-ts: ${what}`);
  };
  try {
    stderr.write(`runar-ts: ${what}\n`, failed);
  } catch (error) {
    failed(error as Error);
  }
}
