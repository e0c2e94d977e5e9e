/** Log records to be read in a loop. */

import type { LogPipeline } from "../logging/pipeline.js";
import { type LogRecord, type LogThreshold, rank } from "../logging/record.js";
import { BoundedIterator, ITERATE_OPTIONS, type IterateOptions } from "./bounded-iterator.js";

/** Which log records to read, and how many may wait. */
export interface LogIterateOptions extends IterateOptions {
  /** The level from which on: all that the node lets through by default. */
  level?: LogThreshold;
}

/** The keys of `LogIterateOptions`. */
export const LOG_ITERATE_OPTIONS = [...ITERATE_OPTIONS, "level"];

/** Log records to be read at the reader's own pace, as many as the limit allows. */
export class LogIterator extends BoundedIterator<LogRecord> {
  constructor(pipeline: LogPipeline, open: Set<() => void>, options: LogIterateOptions) {
    const threshold = rank(options.level ?? "trace");
    super(options, (push, end) => {
      const tap = (record: LogRecord) => {
        if (rank(record.level) >= threshold) push(record);
      };
      pipeline.taps.add(tap);
      open.add(end);
      return () => {
        pipeline.taps.delete(tap);
        open.delete(end);
      };
    });
    // Closed records end the loops over them, and none follow.
    if (pipeline.closed) void this.return();
  }
}
