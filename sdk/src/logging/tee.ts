/** Several sinks as one. */

import { createError } from "../errors/errors.js";
import { isPromiseLike } from "../platform/promise-like.js";
import { checkKeys } from "../validation/validator.js";
import { checkLevel } from "./levels.js";
import type { LoggerOption } from "./logger-option.js";
import { PartialFailure } from "./partial-failure.js";
import { canBePressed, PRESS, type PressedSink } from "./pressed-sink.js";
import { type LogRecord, type LogSink, type LogThreshold, rank } from "./record.js";
import { Settlement, whenSettled } from "./settlement.js";
import { toSink } from "./sinks.js";

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
  checkKeys(given, KEYS, where, "ERR_RUNAR_INVALID_ARGUMENT");
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
  const pressed = outputs.map(({ sink }) => sink).filter(canBePressed);

  /** Runs something on every sink; fails with the first failure when all have had their turn. */
  function each(
    records: readonly LogRecord[],
    act: (output: Output) => void | PromiseLike<void>,
  ): void | PromiseLike<void> {
    const failures = new Map<Output, unknown>();
    let pending = 1;
    const settlement = new Settlement();
    const ended = () => {
      if (--pending === 0) settlement.settle(outcomeOf(failures, records));
    };
    for (const output of outputs) {
      try {
        const result = act(output);
        if (!isPromiseLike(result)) continue;
        pending++;
        whenSettled(result, ended, (error) => {
          failures.set(output, error);
          ended();
        });
      } catch (error) {
        failures.set(output, error);
      }
    }
    if (pending > 1) {
      ended();
      return settlement;
    }
    const { failure } = outcomeOf(failures, records);
    if (failure !== undefined) throw failure;
  }

  function outcomeOf(failures: ReadonlyMap<Output, unknown>, records: readonly LogRecord[]) {
    if (failures.size === 0) return {};
    const hasLost = (output: Output, record: LogRecord) => {
      const failure = failures.get(output);
      return failure instanceof PartialFailure
        ? failure.lost.includes(record)
        : failures.has(output);
    };
    // What one sink has lost another may have taken.
    const lost = records.filter((record) => {
      const takers = outputs.filter(({ threshold }) => rank(record.level) >= threshold);
      return takers.length > 0 && takers.every((output) => hasLost(output, record));
    });
    const [cause] = failures.values();
    const failure = new PartialFailure(lost, cause instanceof PartialFailure ? cause.cause : cause);
    return { failure };
  }

  const sink: LogSink = {
    write: (records) =>
      each(records, ({ sink, threshold }) => {
        const own =
          threshold === 0 ? records : records.filter(({ level }) => rank(level) >= threshold);
        return own.length === 0 ? undefined : sink.write(own);
      }),
    flush: () => each([], ({ sink }) => sink.flush?.()),
    flushSync: () => void each([], ({ sink }) => sink.flushSync?.()),
  };
  if (pressed.length === 0) return sink;
  const pressedSink: PressedSink = {
    ...sink,
    [PRESS]: () => pressed.map((one) => one[PRESS]()).includes(true),
  };
  return pressedSink;
}
