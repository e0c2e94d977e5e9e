/** Batches of which a sink has taken a part. */

import type { LogRecord } from "./record.js";

/** The failure of a part of a batch. The other records were taken. */
export class PartialFailure extends Error {
  constructor(
    readonly lost: readonly LogRecord[],
    override readonly cause: unknown,
  ) {
    super("A part of a batch of log records was lost");
  }
}

/** Gathers the failures of single records. */
export class Failures {
  #lost: LogRecord[] = [];
  #cause: unknown;

  add(record: LogRecord, cause: unknown): void {
    if (this.#lost.length === 0) this.#cause = cause;
    this.#lost.push(record);
  }

  raise(): void {
    if (this.#lost.length > 0) throw new PartialFailure(this.#lost, this.#cause);
  }
}

/** One record that fails takes no other with it. */
export function writeEach(records: readonly LogRecord[], write: (record: LogRecord) => void): void {
  const failures = new Failures();
  for (const record of records) {
    try {
      write(record);
    } catch (error) {
      failures.add(record, error);
    }
  }
  failures.raise();
}
