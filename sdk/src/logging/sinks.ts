/** The conversion of the option `logger` into a sink. */

import { isPromiseLike } from "../platform/promise-like.js";
import { refuse } from "../validation/validator.js";
import type { LevelMethods, LogFunction, LoggerOption } from "./logger-option.js";
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
  return refuse(
    where,
    `expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got ${option === null ? "null" : typeof option}`,
    "ERR_RUNAR_LOG_SINK",
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

/** The failure of a part of a batch. The other records were taken. */
export class PartialFailure extends Error {
  constructor(
    readonly lost: readonly LogRecord[],
    override readonly cause: unknown,
  ) {
    super("A part of a batch of log records was lost");
  }
}

/** One record that fails takes no other with it. */
function eachRecord(write: LogFunction): LogSink {
  return {
    write(records) {
      const failures = new Failures();
      for (const [index, record] of records.entries()) {
        try {
          const result = write(record);
          if (isPromiseLike(result)) return rest(records, index, result, failures);
        } catch (error) {
          failures.add(record, error);
        }
      }
      return failures.raise();
    },
  };

  /** From the first record on for which a promise came, each waits for the one before. */
  async function rest(
    records: readonly LogRecord[],
    from: number,
    first: PromiseLike<unknown>,
    failures: Failures,
  ): Promise<void> {
    for (let index = from; index < records.length; index++) {
      const record = records[index] as LogRecord;
      try {
        await (index === from ? first : write(record));
      } catch (error) {
        failures.add(record, error);
      }
    }
    failures.raise();
  }
}

class Failures {
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
