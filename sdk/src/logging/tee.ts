/** Several sinks as one. */

import { createError } from "../errors/errors.js";
import { isPromiseLike } from "../platform/promise-like.js";
import { checkKeys } from "../validation/validator.js";
import { checkLevel } from "./levels.js";
import type { LoggerOption } from "./logger-option.js";
import { type LogRecord, type LogSink, type LogThreshold, rank } from "./record.js";
import { PartialFailure, toSink } from "./sinks.js";

/** A sink that gets only records from a level on. */
export interface LeveledSink {
  /** Whatever `logger` of a node may be. */
  sink: LoggerOption;
  /** All that the node lets through by default. */
  level?: LogThreshold;
}

interface Output {
  sink: LogSink;
  threshold: number;
}

const KEYS = ["sink", "level"];

function toOutput(given: LoggerOption | LeveledSink, where: string): Output {
  if (typeof given !== "object" || given === null || !("sink" in given)) {
    return { sink: toSink(given as LoggerOption, where), threshold: 0 };
  }
  checkKeys(given, KEYS, where);
  const { sink, level = "trace" } = given as LeveledSink;
  checkLevel(level, `${where}.level`);
  return { sink: toSink(sink, `${where}.sink`), threshold: rank(level) };
}

/**
 * A sink that gives every record to several. The slowest sets the pace; one that fails takes nothing
 * from the others. The level of the node decides which records there are; the levels here only keep
 * some of them from a sink.
 *
 * @example
 * new Node({}, { logger: tee(consoleSink(), { sink: pinoSink(logger), level: "warn" }) });
 *
 * @throws LogSinkError when one of them is no sink.
 */
export function tee(...sinks: (LoggerOption | LeveledSink)[]): LogSink {
  if (sinks.length === 0) {
    throw createError("ERR_RUNAR_LOG_SINK", "tee: expected at least one sink, got none");
  }
  const outputs = sinks.map((sink, index) => toOutput(sink, `tee[${index}]`));

  /** Runs something on every sink; throws the first failure when all have had their turn. */
  function each(
    records: readonly LogRecord[],
    act: (output: Output) => void | Promise<void>,
  ): void | Promise<void> {
    const failures: unknown[] = [];
    const pending: Promise<unknown>[] = [];
    for (const output of outputs) {
      try {
        const result = act(output);
        if (isPromiseLike(result)) {
          pending.push(Promise.resolve(result).catch((error) => void failures.push(error)));
        }
      } catch (error) {
        failures.push(error);
      }
    }
    const raise = () => {
      if (failures.length === 0) return;
      const cause = failures[0];
      // What one sink has lost another may have taken: only what none has is lost.
      const lostByAll = failures.length === outputs.length ? records : [];
      throw new PartialFailure(lostByAll, cause instanceof PartialFailure ? cause.cause : cause);
    };
    if (pending.length === 0) return raise();
    return Promise.all(pending).then(raise);
  }

  return {
    write: (records) =>
      each(records, ({ sink, threshold }) => {
        const own =
          threshold === 0 ? records : records.filter(({ level }) => rank(level) >= threshold);
        return own.length === 0 ? undefined : sink.write(own);
      }),
    flush: () => each([], ({ sink }) => sink.flush?.()),
  };
}
