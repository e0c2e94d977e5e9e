/** Turns what a user gives as `logger` into a sink. */

import { createError } from "../errors/errors.js";
import { isPromiseLike } from "../platform/promise-like.js";
import type { LevelMethods, LogFunction, LoggerOption } from "./logger-option.js";
import { Failures, writeEach } from "./partial-failure.js";
import { isPino, pinoSink } from "./pino-sink.js";
import type { LogRecord, LogSink } from "./record.js";
import { isWinston, winstonSink } from "./winston-sink.js";

/** @throws LogSinkError when the option is none of the forms. */
export function toSink(option: LoggerOption, where = "options.logger"): LogSink {
  if (typeof option === "function") return eachRecord(option);
  if (typeof option === "object" && option !== null) {
    if (isPino(option)) return pinoSink(option);
    if (isWinston(option)) return winstonSink(option);
    if (isLevelMethods(option)) return levelSink(option);
    if ("write" in option && typeof option.write === "function") return option as LogSink;
  }
  throw createError(
    "ERR_RUNAR_LOG_SINK",
    `${where}: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got ${option === null ? "null" : typeof option}`,
    { details: { path: where } },
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

/** A batch of which a record was given, and has not been taken. */
interface Rest {
  readonly records: readonly LogRecord[];
  /** The first record that was not given. */
  next: number;
}

/** A sink of a function, which gets no other record while a promise that it returned is pending. */
function eachRecord(write: LogFunction): LogSink {
  let waiting: Rest | undefined;
  return {
    write(records) {
      const failures = new Failures();
      for (const [index, record] of records.entries()) {
        try {
          const result = write(record);
          if (isPromiseLike(result)) return afterOthers(records, index, result, failures);
        } catch (error) {
          failures.add(record, error);
        }
      }
      return failures.raise();
    },
    flushSync() {
      const rest = waiting;
      if (rest === undefined) return;
      waiting = undefined;
      const given = rest.records.slice(rest.next);
      rest.next = rest.records.length;
      writeEach(given, (record) => {
        const result = write(record);
        // There is no later moment at which to tell of it.
        if (isPromiseLike(result)) result.then(undefined, () => undefined);
      });
    },
  };

  /** From the first record on for which a promise came, each waits for the one before. */
  async function afterOthers(
    records: readonly LogRecord[],
    index: number,
    first: PromiseLike<unknown>,
    failures: Failures,
  ): Promise<void> {
    const rest: Rest = { records, next: index + 1 };
    waiting = rest;
    let record = records[index] as LogRecord;
    let result: unknown = first;
    for (;;) {
      try {
        await result;
      } catch (error) {
        failures.add(record, error);
      }
      if (rest.next >= records.length) break;
      record = records[rest.next++] as LogRecord;
      try {
        result = write(record);
      } catch (error) {
        failures.add(record, error);
        result = undefined;
      }
    }
    if (waiting === rest) waiting = undefined;
    failures.raise();
  }
}
