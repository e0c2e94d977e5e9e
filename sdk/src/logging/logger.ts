/** The logger of handlers and nodes. */

import { describeThrown } from "../errors/errors.js";
import type { Delivery } from "./delivery.js";
import { type Gate, type LevelOptions, Levels, TARGET } from "./levels.js";
import { loggedError } from "./logged-error.js";
import type { LogPipeline } from "./pipeline.js";
import { isError } from "./readable.js";
import {
  type LoggedError,
  type Logger,
  type LogLevel,
  type LogMessage,
  type LogRecord,
  rank,
} from "./record.js";

/** What a node's loggers share: where records go, and from which level on. */
export class NodeLogs {
  readonly levels: Levels;

  constructor(
    readonly delivery: Delivery,
    readonly pipeline: LogPipeline,
    levels: LevelOptions,
  ) {
    this.levels = new Levels(levels);
  }
}

/** What every record of a logger carries. */
export interface Origin {
  readonly component: string;
  readonly service?: string | undefined;
  readonly action?: string | undefined;
  readonly event?: string | undefined;
}

/** The call for which a record is written. */
export interface Traced {
  readonly requestId: string;
  readonly traceparent: string | undefined;
}

type Fields = Record<string, unknown>;

/**
 * What a record begins as: an object with the keys that it will have, in their order. A copy of it is
 * the cheapest way to a record that has no key without a value.
 */
function templateOf(origin: Origin, { nodeId, label }: LogPipeline): LogRecord {
  const { component, service, action, event } = origin;
  const template: LogRecord = { time: 0, level: "info", message: "", target: TARGET, seq: 0 };
  const parts = { nodeId, label, component, service, action, event };
  for (const [key, value] of Object.entries(parts)) {
    if (value !== undefined) Object.assign(template, { [key]: value });
  }
  return template;
}

/** Loggers of the same origin share it: one is made for each call. */
class Template {
  #record: LogRecord | undefined;

  constructor(readonly origin: Origin) {}

  copy(pipeline: LogPipeline): LogRecord {
    if (this.#record === undefined || this.#record.nodeId !== pipeline.nodeId) {
      this.#record = templateOf(this.origin, pipeline);
    }
    return { ...this.#record };
  }
}

export class NodeLogger implements Logger {
  readonly #logs: NodeLogs;
  readonly #gate: Gate;
  readonly #template: Template;
  readonly #call: Traced | undefined;
  readonly #fields: Fields | undefined;

  constructor(logs: NodeLogs, origin: Origin | NodeLogger, call?: Traced, fields?: Fields) {
    this.#logs = logs;
    this.#call = call;
    this.#fields = fields;
    if (origin instanceof NodeLogger) {
      this.#template = origin.#template;
      this.#gate = origin.#gate;
    } else {
      const { component, service } = origin;
      this.#template = new Template(origin);
      this.#gate =
        service === undefined ? logs.levels.gate(component) : logs.levels.gate(service, component);
    }
  }

  isEnabled(level: LogLevel): boolean {
    return rank(level) >= this.#gate.threshold;
  }

  trace(message: LogMessage, fields?: Fields): void {
    if (this.#gate.threshold <= 0) this.#write(0, "trace", message, fields);
  }

  debug(message: LogMessage, fields?: Fields): void {
    if (this.#gate.threshold <= 1) this.#write(1, "debug", message, fields);
  }

  info(message: LogMessage, fields?: Fields): void {
    if (this.#gate.threshold <= 2) this.#write(2, "info", message, fields);
  }

  warn(message: LogMessage, fields?: Fields): void {
    if (this.#gate.threshold <= 3) this.#write(3, "warn", message, fields);
  }

  error(message: LogMessage, fields?: Fields): void {
    if (this.#gate.threshold <= 4) this.#write(4, "error", message, fields);
  }

  child(fields: Fields): Logger {
    return new NodeLogger(this.#logs, this, this.#call, copied(this.#fields, fields));
  }

  /** The same logger, for one call. */
  forCall(call: Traced): NodeLogger {
    return new NodeLogger(this.#logs, this, call, this.#fields);
  }

  #write(rank: number, level: LogLevel, message: LogMessage, given: Fields | undefined): void {
    const { delivery, pipeline } = this.#logs;
    let error: LoggedError | undefined;
    let fields: Fields | undefined;
    if (this.#fields !== undefined || given !== undefined) {
      fields = copied(this.#fields, given);
      if (holdsError(fields.error)) error = takeError(fields, "error");
      if (holdsError(fields.err)) error = takeError(fields, "err");
      if (error !== undefined && Object.keys(fields).length === 0) fields = undefined;
    }
    let text = message as string;
    if (typeof message !== "string") {
      if (holdsError(message)) error ??= loggedError(message);
      text = describeThrown(message);
    }
    const record = this.#template.copy(pipeline);
    record.time = delivery.now();
    record.level = level;
    record.message = text;
    const call = this.#call;
    if (call !== undefined) {
      record.requestId = call.requestId;
      const { traceparent } = call;
      if (traceparent !== undefined) record.traceparent = traceparent;
    }
    if (fields !== undefined) record.fields = fields;
    if (error !== undefined) record.error = error;
    pipeline.add(record, rank);
  }
}

/** Moves an error out of fields, as plain data. */
function takeError(fields: Fields, key: string): LoggedError {
  const error = loggedError(fields[key] as Error);
  delete fields[key];
  return error;
}

/** Whether something is an error; a proxy may refuse to say. */
function holdsError(value: unknown): value is Error {
  if (typeof value !== "object" || value === null) return false;
  try {
    return isError(value);
  } catch {
    return false;
  }
}

/** Copies fields. Logging never throws, even when a getter of a field does. */
function copied(bound: Fields | undefined, given: Fields | undefined): Fields {
  try {
    return bound === undefined ? { ...given } : { ...bound, ...given };
  } catch {
    return { ...bound, ...copiedOneByOne(given) };
  }
}

/** What can be read, and words where that throws. */
function copiedOneByOne(given: Fields | undefined): Fields {
  try {
    const shown: Fields = {};
    for (const key of Object.keys(given ?? {})) {
      try {
        shown[key] = given?.[key];
      } catch (thrown) {
        shown[key] = `[cannot be read: ${describeThrown(thrown)}]`;
      }
    }
    return shown;
  } catch (thrown) {
    return { unreadable: describeThrown(thrown) };
  }
}
