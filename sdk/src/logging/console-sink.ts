/** The default sink of a node, which writes to the standard error stream. */

import colors from "picocolors";
import { describeThrown } from "../errors/errors.js";
import { hasColors } from "../platform/colors.js";
import { type Emitter, waitForDrain } from "./drain.js";
import type { LogRecord, LogSink } from "./record.js";

/** How `consoleSink` writes. */
export interface ConsoleSinkOptions {
  /** Lines for people, or JSON lines. By default people get lines on a terminal. */
  format?: "pretty" | "json";
  /** Where to write. By default the standard error stream: standard output is the program's own. */
  stream?: TextStream;
}

/** What `consoleSink` writes to, such as a stream of the process. */
export interface TextStream {
  /** Takes lines; answers `false` when it wants no more until it is drained. */
  write(text: string): unknown;
  /** Whether people read it: then lines are coloured. */
  isTTY?: boolean;
}

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
  const line = format === "pretty" ? prettyLines(hasColors(stream)) : json;
  // The streams of the process write at once, even when `write` returns false.
  const isOwn = stream === process.stderr || stream === process.stdout;
  return {
    write(records) {
      let text = "";
      for (const record of records) text += `${line(record)}\n`;
      const hasRoom = stream.write(text);
      if (isOwn || hasRoom !== false || !("once" in stream)) return;
      return waitForDrain(stream as Emitter);
    },
  };
}

/** The JSON of a record; values that JSON cannot hold are described. */
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

function prettyLines(colored: boolean): (record: LogRecord) => string {
  const { bold, cyan, dim, gray, green, red, yellow } = colors.createColors(colored);
  const paint = { trace: gray, debug: cyan, info: green, warn: yellow, error: red };
  return (record) => {
    const time = new Date(record.time).toISOString().slice(11, 23);
    const path = [record.service, record.action ?? record.event].filter(Boolean).join("/");
    const fields = Object.entries(record.fields ?? {})
      .map(([key, value]) => ` ${dim(`${key}=`)}${json(value)}`)
      .join("");
    const error = record.error ? `\n${record.error.stack ?? record.error.message}` : "";
    return `${dim(time)} ${paint[record.level](record.level.toUpperCase().padEnd(5))} ${bold(
      path || (record.component ?? record.target),
    )} ${record.message}${fields}${error}`;
  };
}
