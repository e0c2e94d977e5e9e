/** The forms of the option `logger` of a node. */

import type { PinoLike } from "./pino-sink.js";
import type { LogRecord, LogSink } from "./record.js";
import type { WinstonLike } from "./winston-sink.js";

/** An object such as `console`: a method for each level, text first. */
export interface LevelMethods {
  /** Gets records of the levels `trace` and `debug`. */
  debug(message: string, fields?: object): void;
  /** Gets records of the level `info`. */
  info(message: string, fields?: object): void;
  /** Gets records of the level `warn`. */
  warn(message: string, fields?: object): void;
  /** Gets records of the level `error`. */
  error(message: string, fields?: object): void;
}

/** Takes records one by one. While a promise that it returned is pending it gets no other. */
export type LogFunction = (record: LogRecord) => unknown;

/** What `new Node(config, { logger })` takes. A logger of pino or winston is recognised as such. */
export type LoggerOption = LogSink | LevelMethods | PinoLike | WinstonLike | LogFunction;
