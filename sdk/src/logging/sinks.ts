/** Turns what a user gives as `logger` into a sink, and contains what a sink does wrong. */

import { createError, describeThrown } from "../errors.js";
import type { LevelMethods, LoggerOption, LogRecord, LogSink } from "./record.js";

/** @throws LogSinkError when the option is none of the three forms. */
export function toSink(option: LoggerOption): LogSink {
  if (typeof option === "function") {
    return eachRecord(option);
  }
  if (typeof option === "object" && option !== null) {
    if ("write" in option && typeof option.write === "function" && !isLevelMethods(option)) {
      return option as LogSink;
    }
    if (isLevelMethods(option)) return levelSink(option);
  }
  throw createError(
    "ERR_RUNAR_LOG_SINK",
    `options.logger: expected a function, an object with write(records), or one with debug, info, warn and error; got ${option === null ? "null" : typeof option}`,
  );
}

function isLevelMethods(option: object): option is LevelMethods {
  return (["debug", "info", "warn", "error"] as const).every(
    (level) => typeof (option as Record<string, unknown>)[level] === "function",
  );
}

function levelSink(logger: LevelMethods): LogSink {
  return eachRecord(({ level, message, ...rest }) =>
    logger[level === "trace" ? "debug" : level](message, rest),
  );
}

/** One record that fails takes no other with it. */
function eachRecord(write: (record: LogRecord) => unknown): LogSink {
  return {
    async write(records) {
      const failed = (await Promise.allSettled(records.map(async (record) => write(record)))).find(
        (result) => result.status === "rejected",
      );
      if (failed !== undefined) throw failed.reason;
    },
  };
}

/** Delivers to a sink; its first failure is told on the standard error stream, the rest is silent. */
export class ContainedSink {
  #sink: LogSink;
  #reported = false;

  constructor(sink: LogSink) {
    this.#sink = sink;
  }

  write(records: readonly LogRecord[]): void {
    try {
      Promise.resolve(this.#sink.write(records)).catch((error) => this.#report(error));
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    if (this.#reported) return;
    this.#reported = true;
    process.stderr.write(
      `runar-ts: a log sink failed; its records are lost: ${describeThrown(error)}\n`,
    );
  }
}
