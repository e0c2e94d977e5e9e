/** The shape of a log record and of what takes it. */

/** Lowest first. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error"] as const;

/** How much a record matters. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A level from which on records pass; `off` lets none through. */
export type LogThreshold = LogLevel | "off";

/** A level's place in the order; `off` is above all. */
export function rank(threshold: LogThreshold): number {
  return threshold === "off" ? LOG_LEVELS.length : LOG_LEVELS.indexOf(threshold);
}

/** The error of a record, as plain data. */
export interface LoggedError {
  name: string;
  message: string;
  /** `ERR_*`, where the error has one. */
  code?: string;
  stack?: string;
  cause?: LoggedError;
}

/** One log record. It has the same shape whether Rust or JavaScript wrote it. */
export interface LogRecord {
  /** Milliseconds since 1970, with microseconds behind the point. */
  time: number;
  level: LogLevel;
  message: string;
  /** The id of the node, once it has one. */
  nodeId?: string;
  /** The node's own name: `node_id` in its config. */
  label?: string;
  /** The part of Runar that wrote the record: `Service` for handlers, `Node`, `Registry`, … */
  component?: string;
  /** The path of the service. */
  service?: string;
  /** The action, without the service's path. */
  action?: string;
  /** The topic of the event. */
  event?: string;
  /** The module: a Rust path, or `runar-ts`. */
  target: string;
  /** What the writer of the record added. */
  fields?: Record<string, unknown>;
  /** The error that was given among the fields as `error` or `err`. */
  error?: LoggedError;
  /** Counts the records of this JavaScript thread in their order of delivery, from 1. */
  seq: number;
}

/**
 * Takes records in batches, in order. What it throws, or what its promise rejects with, is reported
 * once on the standard error stream and never reaches the node.
 */
export interface LogSink {
  write(records: readonly LogRecord[]): void | Promise<void>;
}

/** An object such as `console` or a winston logger: a method for each level, text first. */
export interface LevelMethods {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

/** What `new Node(config, { logger })` takes. A function gets the records one by one. */
export type LoggerOption = LogSink | LevelMethods | ((record: LogRecord) => void);

/** Writes log records. `ctx.logger` is one. */
export interface Logger {
  trace(message: string, fields?: Record<string, unknown>): void;
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  /** Whether a record of this level would be written: ask before work that only a record needs. */
  isEnabled(level: LogLevel): boolean;
  /** A logger whose records carry these fields too. */
  child(fields: Record<string, unknown>): Logger;
}
