/** The sink that a node has unless it is given another. */

import colors from "picocolors";
import { describeThrown } from "../errors.js";
import type { LogLevel, LogRecord, LogSink } from "./record.js";

export interface ConsoleSinkOptions {
  /** Lines for people, or JSON lines. By default people get lines on a terminal. */
  format?: "pretty" | "json";
  /** Where to write. By default the standard error stream: standard output is the program's own. */
  stream?: { write(text: string): unknown; isTTY?: boolean };
}

const paint: Record<LogLevel, (text: string) => string> = {
  trace: colors.gray,
  debug: colors.cyan,
  info: colors.green,
  warn: colors.yellow,
  error: colors.red,
};

/**
 * Writes records to a stream: coloured lines on a terminal (`NO_COLOR` is honoured), JSON lines
 * elsewhere.
 *
 * @example
 * new Node({}, { logger: consoleSink({ format: "json", stream: process.stdout }) });
 */
export function consoleSink(options: ConsoleSinkOptions = {}): LogSink {
  const stream = options.stream ?? process.stderr;
  const format = options.format ?? (stream.isTTY ? "pretty" : "json");
  const line = format === "pretty" ? pretty : json;
  return {
    write(records) {
      stream.write(records.map((record) => `${line(record)}\n`).join(""));
    },
  };
}

/** Whatever was logged is written: what JSON cannot hold is told in words. */
function json(value: unknown): string {
  const seen = new Set<unknown>();
  try {
    return JSON.stringify(value, (_, inner) => {
      if (typeof inner === "bigint") return `${inner}n`;
      if (typeof inner !== "object" || inner === null) return inner;
      if (seen.has(inner)) return "[seen before]";
      seen.add(inner);
      return inner;
    });
  } catch (error) {
    return JSON.stringify(`[cannot be written: ${describeThrown(error)}]`);
  }
}

function pretty(record: LogRecord): string {
  const time = new Date(record.time).toISOString().slice(11, 23);
  const path = [record.service, record.action ?? record.event].filter(Boolean).join("/");
  const fields = Object.entries(record.fields ?? {})
    .map(([key, value]) => ` ${colors.dim(`${key}=`)}${json(value)}`)
    .join("");
  const error = record.error ? `\n${record.error.stack ?? record.error.message}` : "";
  return `${colors.dim(time)} ${paint[record.level](record.level.toUpperCase().padEnd(5))} ${colors.bold(
    path || (record.component ?? record.target),
  )} ${record.message}${fields}${error}`;
}
