/** Log records, and the interfaces of sinks and loggers. */

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
  /** Its class. */
  name: string;
  /** Its text. */
  message: string;
  /** `ERR_*`, where the error has one. */
  code?: string;
  /** Where it was thrown. */
  stack?: string;
  /** What led to it. */
  cause?: LoggedError;
  /** What an `AggregateError` is made of. */
  errors?: LoggedError[];
}

/** One log record. It has the same shape whether Rust or JavaScript wrote it. */
export interface LogRecord {
  /** Milliseconds since 1970, with microseconds behind the point. */
  time: number;
  /** How much it matters. */
  level: LogLevel;
  /** The text. */
  message: string;
  /** The text as the core wrote it, where `message` has it without pictures and brackets. */
  raw?: string;
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
  /** What all records have in common that were written for one call from outside of services. */
  requestId?: string;
  /** The W3C trace context that the call came with. */
  traceparent?: string;
  /** The module: a Rust path, or `runar-ts`. */
  target: string;
  /** What the writer of the record added. */
  fields?: Record<string, unknown>;
  /** The error that was given among the fields as `error` or `err`, or instead of a text. */
  error?: LoggedError;
  /** Counts the records of this JavaScript thread in their order of delivery, from 1. */
  seq: number;
}

/** What became of records. At every moment `accepted === delivered + dropped + pending`. */
export interface LogCounts {
  /** Passed the levels. */
  accepted: number;
  /**
   * Were taken by the sink: `write` returned, or its promise was fulfilled. The default sink's is
   * fulfilled once the operating system has them.
   */
  delivered: number;
  /** Were lost: the queue was full, the sink failed, or the records were closed. */
  dropped: number;
  /** Are on their way. */
  pending: number;
}

/** What became of a node's records, by level and in all. */
export type LogStats = Record<LogLevel | "total", LogCounts>;

/**
 * Takes records in batches, in order. While a promise that it returned is pending it gets nothing
 * more; what waits meanwhile is bounded. What it throws, or what its promise rejects with, is
 * reported once on the standard error stream and never reaches the node; the batch is lost.
 */
export interface LogSink {
  /** Takes the next records, at least one. */
  write(records: readonly LogRecord[]): void | PromiseLike<void>;
  /** Brings what the sink itself holds back to its end: called at `node.stop()` and `closeLogs()`. */
  flush?(): void | PromiseLike<void>;
  /** The same at once: called when the process ends, and nothing asynchronous comes to its end. */
  flushSync?(): void;
}

/** Text, or an error whose message is the text. */
export type LogMessage = string | Error;

/** Writes log records. `ctx.logger` is one. */
export interface Logger {
  /** Writes details for the search for a certain fault. */
  trace(message: LogMessage, fields?: Record<string, unknown>): void;
  /** Writes what helps while a program is being developed. */
  debug(message: LogMessage, fields?: Record<string, unknown>): void;
  /** Writes what happened; services let it pass by default. */
  info(message: LogMessage, fields?: Record<string, unknown>): void;
  /** Writes what should be looked at some day. */
  warn(message: LogMessage, fields?: Record<string, unknown>): void;
  /** Writes what must be looked at; an error among the fields comes with its stack. */
  error(message: LogMessage, fields?: Record<string, unknown>): void;
  /** Whether a record of this level would be written: ask before work that only a record needs. */
  isEnabled(level: LogLevel): boolean;
  /** A logger whose records carry these fields too. */
  child(fields: Record<string, unknown>): Logger;
}
