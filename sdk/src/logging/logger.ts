/** The logger that handlers and nodes write to. */

import { describeThrown } from "../errors.js";
import type { Delivery } from "./delivery.js";
import { type Gate, type LevelOptions, Levels, TARGET } from "./levels.js";
import type { Outlet } from "./outlet.js";
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
    readonly outlet: Outlet,
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

const MAX_CAUSES = 8;

export function loggedError(error: Error, depth = 0): LoggedError {
  try {
    const logged: LoggedError = { name: error.name, message: error.message };
    const { code } = error as { code?: unknown };
    if (typeof code === "string") logged.code = code;
    if (error.stack !== undefined) logged.stack = error.stack;
    if (error.cause instanceof Error && depth < MAX_CAUSES) {
      logged.cause = loggedError(error.cause, depth + 1);
    }
    return logged;
  } catch (thrown) {
    return { name: "Error", message: `an error that cannot be read: ${describeThrown(thrown)}` };
  }
}

export class NodeLogger implements Logger {
  readonly #logs: NodeLogs;
  readonly #gate: Gate;
  readonly #origin: Origin;
  readonly #call: Traced | undefined;
  readonly #fields: Fields | undefined;

  constructor(logs: NodeLogs, origin: Origin, call?: Traced, fields?: Fields, gate?: Gate) {
    const { component, service } = origin;
    this.#logs = logs;
    this.#origin = origin;
    this.#call = call;
    this.#fields = fields;
    this.#gate =
      gate ??
      (service === undefined ? logs.levels.gate(component) : logs.levels.gate(service, component));
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
    const all = { ...this.#fields, ...fields };
    return new NodeLogger(this.#logs, this.#origin, this.#call, all, this.#gate);
  }

  /** The same logger, for one call. */
  forCall(call: Traced): NodeLogger {
    return new NodeLogger(this.#logs, this.#origin, call, this.#fields, this.#gate);
  }

  #write(rank: number, level: LogLevel, message: LogMessage, given: Fields | undefined): void {
    const { delivery, outlet } = this.#logs;
    const { component, service, action, event } = this.#origin;
    const call = this.#call;
    let error: LoggedError | undefined;
    let fields: Fields | undefined;
    if (this.#fields !== undefined || given !== undefined) {
      fields = copied(this.#fields, given);
      if (fields.error instanceof Error) error = takeError(fields, "error");
      if (fields.err instanceof Error) error = takeError(fields, "err");
      if (error !== undefined && Object.keys(fields).length === 0) fields = undefined;
    }
    let text = message as string;
    if (typeof message !== "string") {
      if (message instanceof Error) error ??= loggedError(message);
      text = describeThrown(message);
    }
    const record: LogRecord = {
      time: delivery.now(),
      level,
      message: text,
      nodeId: outlet.nodeId,
      label: outlet.label,
      component,
      service,
      action,
      event,
      requestId: call?.requestId,
      traceparent: call?.traceparent,
      target: TARGET,
      fields,
      error,
      seq: 0,
    };
    outlet.add(record, rank);
  }
}

/** Moves an error out of fields, as plain data. */
function takeError(fields: Fields, key: string): LoggedError {
  const error = loggedError(fields[key] as Error);
  delete fields[key];
  return error;
}

/** Logging never throws, whatever the getters of fields do. */
function copied(bound: Fields | undefined, given: Fields | undefined): Fields {
  try {
    return bound === undefined ? { ...given } : { ...bound, ...given };
  } catch (thrown) {
    return { ...bound, unreadable: describeThrown(thrown) };
  }
}
