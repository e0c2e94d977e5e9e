/** Records to pino. */

import { writeEach } from "./partial-failure.js";
import { findSymbol, timeTextLike } from "./pino-time.js";
import { isSimple, readable } from "./readable.js";
import type { LoggedError, LogLevel, LogRecord, LogSink } from "./record.js";

/** What the SDK uses of a pino logger; the package itself is never imported. */
export interface PinoLike extends PinoMethods {
  /** A logger whose records carry these too. */
  child(bindings: Record<string, unknown>): PinoMethods;
  /** What all its records carry. */
  bindings(): Record<string, unknown>;
  /** Whether it writes records of this level. */
  isLevelEnabled(level: string): boolean;
  /** Writes what its destination holds back, then calls `told`. */
  flush?(told?: (error?: Error) => void): void;
}

interface PinoMethod {
  (fields: object, message: string): void;
  (message: string): void;
}

type PinoMethods = { [Level in LogLevel]: PinoMethod };

export function isPino(logger: object): logger is PinoLike {
  return ["child", "bindings", "isLevelEnabled"].every(
    (name) => typeof (logger as Record<string, unknown>)[name] === "function",
  );
}

/** So many child loggers are kept; a topic of an event may be any. */
const MAX_CHILDREN = 1000;

/** What is the same for all records of an action: pino writes the text of it once. */
const BOUND = ["nodeId", "label", "component", "service", "action", "event", "target"] as const;

/** An error whose class is told by its name: what pino's own serializer makes an `err` of. */
function pinoError({ name, message, stack, code, cause, errors }: LoggedError): object {
  const error = Object.create(Error.prototype, {
    constructor: { value: undefined },
    name: { value: name },
    message: { value: message },
    stack: { value: stack },
    cause: { value: cause && pinoError(cause) },
    errors: { value: errors?.map(pinoError) },
  });
  return code === undefined ? error : Object.assign(error, { code });
}

type Serializers = Record<string, unknown>;

/** The logger's own serializers; they get values as they are. */
function serializersOf(logger: object): Serializers {
  const serializers: unknown = Reflect.get(logger, Symbol.for("pino.serializers"));
  return typeof serializers === "object" && serializers !== null
    ? (serializers as Serializers)
    : {};
}

/** Fields of which pino shows what JSON cannot hold. */
function readableFor(serializers: Serializers, fields: Record<string, unknown>) {
  let shown = fields;
  for (const key in fields) {
    const value = fields[key];
    if (isSimple(value) || key in serializers) continue;
    if (shown === fields) shown = { ...fields };
    shown[key] = readable(value);
  }
  return shown;
}

/** A destination that gathers what it writes has flushed before when the process ends. */
function flushDestination(logger: object): void {
  const symbol = findSymbol(logger, "pino.stream");
  const destination: unknown = symbol && Reflect.get(logger, symbol);
  if (typeof destination !== "object" || destination === null) return;
  const { flushSync } = destination as { flushSync?: unknown };
  if (typeof flushSync === "function") flushSync.call(destination);
}

/** Whether the child of one record serves another: `BOUND`, without the cost of a loop. */
function areAlike(one: LogRecord, other: LogRecord): boolean {
  return (
    one.action === other.action &&
    one.service === other.service &&
    one.component === other.component &&
    one.event === other.event &&
    one.target === other.target &&
    one.nodeId === other.nodeId &&
    one.label === other.label
  );
}

/**
 * A sink that writes with a pino logger: service, action and the like as bindings, the record's
 * fields at the top, an error as `err`. Levels, redaction, serializers and formats of the logger apply.
 * `time` is that of the record in pino's own formats of it; a `timestamp` function of another format
 * is left alone, and tells when pino writes. `new Node({}, { logger: pino() })` does the same.
 *
 * @example
 * new Node({}, { logger: pinoSink(pino({ level: "debug" })) });
 */
export function pinoSink(logger: PinoLike): LogSink {
  const children = new Map<string, PinoMethods>();
  const serializers = serializersOf(logger);
  const timeSymbol = findSymbol(logger, "pino.time");
  const timeText = timeSymbol && timeTextLike(Reflect.get(logger, timeSymbol));
  /** The time of the record that is being written. */
  let time = 0;
  let last: { record: LogRecord; child: PinoMethods } | undefined;

  function childFor(record: LogRecord): PinoMethods {
    if (last !== undefined && areAlike(last.record, record)) return last.child;
    const key = BOUND.map((name) => record[name]).join("\0");
    let child = children.get(key);
    if (child === undefined) {
      if (children.size >= MAX_CHILDREN) children.clear();
      const bindings: Record<string, unknown> = {};
      for (const name of BOUND) if (record[name] !== undefined) bindings[name] = record[name];
      child = logger.child(bindings);
      if (timeSymbol && timeText) Reflect.set(child, timeSymbol, () => timeText(time));
      children.set(key, child);
    }
    last = { record, child };
    return child;
  }

  function write(record: LogRecord): void {
    const { level, message, error, requestId, traceparent, raw } = record;
    const child = childFor(record);
    let shown = record.fields && readableFor(serializers, record.fields);
    if ((requestId ?? error ?? traceparent ?? raw) !== undefined) {
      shown = { ...shown };
      if (requestId !== undefined) shown.requestId = requestId;
      if (traceparent !== undefined) shown.traceparent = traceparent;
      if (raw !== undefined) shown.raw = raw;
      if (error !== undefined) shown.err = pinoError(error);
    }
    time = record.time;
    if (shown === undefined) child[level](message);
    else child[level](shown, message);
  }

  return {
    write: (records) => writeEach(records, write),
    flush() {
      if (logger.flush === undefined) return;
      return new Promise((resolve, reject) => {
        logger.flush?.((error) => (error == null ? resolve() : reject(error)));
      });
    },
    flushSync: () => flushDestination(logger),
  };
}
