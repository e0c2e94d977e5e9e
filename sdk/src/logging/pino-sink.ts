/** The sink to pino. */

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

/** The child loggers that are kept: the topics of events are unbounded. */
const MAX_CHILDREN = 1000;

/** What is the same for all records of an action: pino writes the text of it once. */
const BOUND = ["nodeId", "label", "component", "service", "action", "event", "target"] as const;

/** An error with the name of its class, which pino's own serializer reads. */
function pinoError({ name, message, stack, code, cause }: LoggedError): object {
  const error = Object.create(Error.prototype, {
    constructor: { value: undefined },
    name: { value: name },
    message: { value: message },
    stack: { value: stack },
    cause: { value: cause && pinoError(cause) },
  });
  return code === undefined ? error : Object.assign(error, { code });
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
 * fields at the top, an error as `err`. Levels, redaction and formats of the logger apply; `time` is
 * that at which pino writes. `new Node({}, { logger: pino() })` does the same.
 *
 * @example
 * new Node({}, { logger: pinoSink(pino({ level: "debug" })) });
 */
export function pinoSink(logger: PinoLike): LogSink {
  const children = new Map<string, PinoMethods>();
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
      children.set(key, child);
    }
    last = { record, child };
    return child;
  }

  return {
    write(records) {
      for (const record of records) {
        const { level, message, fields, error, requestId, traceparent, raw } = record;
        const child = childFor(record);
        let shown: Record<string, unknown> | undefined = fields;
        if ((requestId ?? error ?? traceparent ?? raw) !== undefined) {
          shown = { ...fields };
          if (requestId !== undefined) shown.requestId = requestId;
          if (traceparent !== undefined) shown.traceparent = traceparent;
          if (raw !== undefined) shown.raw = raw;
          if (error !== undefined) shown.err = pinoError(error);
        }
        if (shown === undefined) child[level](message);
        else child[level](shown, message);
      }
    },
    flush() {
      if (logger.flush === undefined) return;
      return new Promise((resolve, reject) => {
        logger.flush?.((error) => (error == null ? resolve() : reject(error)));
      });
    },
  };
}
