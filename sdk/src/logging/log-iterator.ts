/** Log records to be read in a loop. */

import { BoundedIterator, type IterateOptions } from "../api/bounded-iterator.js";
import type { Outlet } from "./outlet.js";
import { type LogRecord, type LogThreshold, rank } from "./record.js";

/** Which log records to read, and how many may wait. */
export interface LogIterateOptions extends IterateOptions {
  /** The level from which on: all that the node lets through by default. */
  level?: LogThreshold;
}

/** Log records to be read at the reader's own pace, as many as the limit allows. */
export class LogIterator extends BoundedIterator<LogRecord> {
  constructor(outlet: Outlet, open: Set<() => void>, options: LogIterateOptions) {
    const threshold = rank(options.level ?? "trace");
    super(options, (push, end) => {
      const tap = (record: LogRecord) => {
        if (rank(record.level) >= threshold) push(record);
      };
      outlet.taps.add(tap);
      open.add(end);
      return () => {
        outlet.taps.delete(tap);
        open.delete(end);
      };
    });
  }
}
