/**
 * Where log records go, and what they are.
 *
 * @packageDocumentation
 */

export { type ConsoleSinkOptions, consoleSink, type TextStream } from "./console-sink.js";
export { currentLogger } from "./current.js";
export type { LevelMethods, LogFunction, LoggerOption } from "./logger-option.js";
export {
  type OtelLogger,
  type OtelLoggerProvider,
  type OtelLogRecord,
  otelSink,
} from "./otel-sink.js";
export { type PinoLike, pinoSink } from "./pino-sink.js";
export type {
  LogCounts,
  LoggedError,
  Logger,
  LogLevel,
  LogMessage,
  LogRecord,
  LogSink,
  LogStats,
  LogThreshold,
} from "./record.js";
export type { RedactOption, RedactOptions } from "./redact.js";
export { type LeveledSink, tee } from "./tee.js";
export { type WinstonLike, winstonSink } from "./winston-sink.js";
