/** Records to winston. */

import { type Emitter, waitForDrain } from "./drain.js";
import { writeEach } from "./partial-failure.js";
import { readableFields } from "./readable.js";
import type { LogLevel, LogSink } from "./record.js";

/** What the SDK uses of a winston logger; the package itself is never imported. */
export interface WinstonLike extends Emitter {
  /** Writes an entry. */
  log(entry: WinstonEntry): unknown;
  /** Its levels and their ranks; 0 matters most. */
  readonly levels: Record<string, number>;
  /** Where its entries go; what a logger of winston is known by. */
  readonly transports: unknown;
  /** How many entries wait for a transport. */
  readonly writableLength: number;
  /** From how many waiting entries on it is behind. */
  readonly writableHighWaterMark: number;
}

interface WinstonEntry {
  level: string;
  message: string;
  [key: string]: unknown;
}

export function isWinston(logger: object): logger is WinstonLike {
  return (
    typeof (logger as { log?: unknown }).log === "function" &&
    typeof (logger as { configure?: unknown }).configure === "function" &&
    "transports" in logger
  );
}

/**
 * A sink that writes with a winston logger. An entry has the keys of the record, the record's fields
 * beside them, and `timestamp`. While a transport is behind, records wait. The level `trace` is the
 * logger's own, or else `silly`, or else `debug`.
 *
 * @example
 * new Node({}, { logger: winstonSink(winston.createLogger({ transports: [new winston.transports.Console()] })) });
 */
export function winstonSink(logger: WinstonLike): LogSink {
  const lowest = ["trace", "silly", "debug"].find((level) => level in logger.levels) ?? "debug";
  const nameOf = (level: LogLevel) => (level === "trace" ? lowest : level);
  return {
    write(records) {
      writeEach(records, ({ time, level, message, fields, seq, ...rest }) => {
        const timestamp = new Date(time).toISOString();
        const shown = fields && readableFields(fields);
        logger.log({ ...shown, ...rest, timestamp, level: nameOf(level), message });
      });
      const isBehind = logger.writableLength >= logger.writableHighWaterMark;
      return isBehind ? waitForDrain(logger) : undefined;
    },
  };
}
