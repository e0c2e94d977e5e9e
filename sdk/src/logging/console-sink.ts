/** The sink that a node has unless it is given another. */

import { isatty } from "node:tty";
import { isMainThread } from "node:worker_threads";
import colors from "picocolors";
import { describeThrown } from "../errors/errors.js";
import { hasColors } from "../platform/colors.js";
import { descriptor } from "./descriptor.js";
import { type Emitter, waitForDrain } from "./drain.js";
import { describeError } from "./logged-error.js";
import { PartialFailure } from "./partial-failure.js";
import { PRESS, type PressedSink } from "./pressed-sink.js";
import { isSimple, readable, readableFields } from "./readable.js";
import type { LogRecord, LogSink } from "./record.js";
import { Settlement } from "./settlement.js";

/** How `consoleSink` writes. */
export interface ConsoleSinkOptions {
  /** Lines for people, or JSON lines. By default people get lines on a terminal. */
  format?: "pretty" | "json";
  /**
   * Where to write. By default the standard error stream: standard output is the program's own.
   * Records for the streams of the process go straight to the descriptor.
   */
  stream?: TextStream;
}

/** What `consoleSink` writes to, such as a stream of the process. */
export interface TextStream {
  /** Takes lines; answers `false` when it wants no more until it is drained. */
  write(text: string): unknown;
  /** Whether people read it: then lines are coloured. */
  isTTY?: boolean;
}

/** A stream that calls back once it has written, or could not. */
interface CallingStream extends Emitter {
  write(text: string, written: (error?: Error | null) => void): unknown;
  listenerCount(event: string): number;
}

type Line = (record: LogRecord) => string;

/**
 * Writes records to a stream: coloured lines on a terminal (`NO_COLOR` is honoured), JSON lines
 * elsewhere. Records count as delivered once the operating system, or the stream that was given, has
 * taken them.
 *
 * @example
 * new Node({}, { logger: consoleSink({ format: "json", stream: process.stdout }) });
 */
export function consoleSink(options: ConsoleSinkOptions = {}): LogSink {
  const { stream } = options;
  const fd = descriptorOf(stream);
  const isTTY = fd === undefined ? stream?.isTTY === true : isatty(fd);
  const format = options.format ?? (isTTY ? "pretty" : "json");
  const line = format === "pretty" ? prettyLines(hasColors({ isTTY })) : jsonLine;
  if (fd !== undefined) return descriptorSink(fd, line);
  return streamSink(stream as TextStream, line);
}

/** The descriptor behind a stream of the process; a worker's streams go through the first thread. */
function descriptorOf(stream: TextStream | undefined): number | undefined {
  if (stream === undefined) return 2;
  if (!isMainThread) return undefined;
  if (stream === process.stderr) return 2;
  return stream === process.stdout ? 1 : undefined;
}

function descriptorSink(fd: number, line: Line): PressedSink {
  const target = descriptor(fd);
  return {
    write(records) {
      const lines = records.map((record) => `${line(record)}\n`);
      return target.write(lines, (taken, cause) => new PartialFailure(records.slice(taken), cause));
    },
    flushSync: () => target.finish(),
    [PRESS]: () => target.press(),
  };
}

function streamSink(stream: TextStream, line: Line): LogSink {
  return {
    write(records) {
      let text = "";
      for (const record of records) text += `${line(record)}\n`;
      if (callsBack(stream)) return writeTo(stream, text);
      const hasRoom = stream.write(text);
      if (hasRoom !== false || !("once" in stream)) return;
      return waitForDrain(stream as TextStream & Emitter);
    },
  };
}

function callsBack(stream: object): stream is CallingStream {
  const { writableLength, listenerCount } = stream as Record<string, unknown>;
  return typeof writableLength === "number" && typeof listenerCount === "function";
}

function writeTo(stream: CallingStream, text: string): Settlement {
  const settlement = new Settlement();
  stream.write(text, (failure) => {
    if (failure == null) return settlement.settle();
    // The failure is told as that of a sink; the event that follows would end the process.
    if (stream.listenerCount("error") === 0) stream.once("error", () => undefined);
    settlement.settle({ failure });
  });
  return settlement;
}

/** Whatever was logged is written: what JSON cannot hold is told in words. */
function jsonLine(record: LogRecord): string {
  const { fields } = record;
  try {
    const shown = fields === undefined ? undefined : readableFields(fields);
    return JSON.stringify(shown === fields ? record : { ...record, fields: shown });
  } catch (error) {
    return JSON.stringify(`[cannot be written: ${describeThrown(error)}]`);
  }
}

function json(value: unknown): string {
  return JSON.stringify(isSimple(value) ? value : readable(value));
}

function prettyLines(colored: boolean): Line {
  const { bold, cyan, dim, gray, green, red, yellow } = colors.createColors(colored);
  const paint = { trace: gray, debug: cyan, info: green, warn: yellow, error: red };
  return (record) => {
    const time = new Date(record.time).toISOString().slice(11, 23);
    const path = [record.service, record.action ?? record.event].filter(Boolean).join("/");
    const fields = Object.entries(record.fields ?? {})
      .map(([key, value]) => ` ${dim(`${key}=`)}${json(value)}`)
      .join("");
    const error = record.error ? `\n${describeError(record.error)}` : "";
    return `${dim(time)} ${paint[record.level](record.level.toUpperCase().padEnd(5))} ${bold(
      path || (record.component ?? record.target),
    )} ${record.message}${fields}${error}`;
  };
}
