/** The control of a node's log records: their levels, iterators, counts and end. */

import { checkIterateOptions } from "../api/bounded-iterator.js";
import { LOG_ITERATE_OPTIONS, type LogIterateOptions, LogIterator } from "../api/log-iterator.js";
import { checkLevel } from "../logging/levels.js";
import type { NodeLogs } from "../logging/logger.js";
import type { LogStats, LogThreshold } from "../logging/record.js";
import { callNative, native } from "../native/binding.js";
import { checkMilliseconds, checkOptions, checkString } from "../validation/validator.js";

const DEFAULT_CLOSE_MS = 5_000;
const CLOSE_OPTIONS = ["deadlineMs"];
const LEVEL_OPTIONS = ["component"];

/** What the control of log records needs of its host. */
export interface LogControlPort {
  readonly handle: number;
  readonly logs: NodeLogs;
  /** Waits until the sink has taken the records that are pending now, until a deadline. */
  flushLogs(deadlineMs: number): Promise<void>;
}

export class LogControl {
  readonly #host: LogControlPort;
  /** Ends the iterators that are open. */
  readonly #iterators = new Set<() => void>();

  constructor(host: LogControlPort) {
    this.#host = host;
  }

  setLevel(level: LogThreshold, options: { component?: string }): void {
    checkLevel(level, "level");
    checkOptions(options, LEVEL_OPTIONS);
    const { component } = options;
    checkString(component, "options.component");
    const { handle, logs } = this.#host;
    if (logs.pipeline.closed) return;
    callNative(() => native.nodeSetLogLevel(handle, level, component ?? null));
    logs.levels.set(level, component);
  }

  iterate(options: LogIterateOptions): LogIterator {
    checkIterateOptions(options, LOG_ITERATE_OPTIONS);
    if (options.level !== undefined) checkLevel(options.level, "options.level");
    return new LogIterator(this.#host.logs.pipeline, this.#iterators, options);
  }

  stats(): LogStats {
    return this.#host.logs.pipeline.stats();
  }

  /** Flushes the sink, and closes the records for good. */
  async close(options: { deadlineMs?: number }): Promise<LogStats> {
    checkOptions(options, CLOSE_OPTIONS);
    const deadlineMs = checkMilliseconds(options.deadlineMs, "options.deadlineMs");
    const { handle, logs } = this.#host;
    const { pipeline } = logs;
    if (!pipeline.closed) {
      callNative(() => native.nodeSetLogLevel(handle, "off", null));
      pipeline.close();
    }
    await this.#host.flushLogs(deadlineMs ?? DEFAULT_CLOSE_MS);
    this.endIterators();
    return pipeline.stats();
  }

  endIterators(): void {
    for (const end of this.#iterators) end();
  }
}
