/** The logger that handlers and nodes write to. */

import type { Delivery, Undelivered } from "./delivery.js";
import { type LoggedError, type Logger, type LogLevel, type LogThreshold, rank } from "./record.js";
import type { ContainedSink } from "./sinks.js";

/** What a node's loggers share: where records go, and from which level on. */
export class NodeLogs {
  threshold: number;
  nodeId: string | undefined;

  constructor(
    readonly delivery: Delivery,
    readonly sink: ContainedSink,
    readonly label: string,
    threshold: LogThreshold,
  ) {
    this.threshold = rank(threshold);
  }
}

/** What every record of a logger carries. */
export type Origin = Pick<Undelivered, "component" | "service" | "action" | "event">;

const MAX_CAUSES = 8;

export function loggedError(error: Error, depth = 0): LoggedError {
  const logged: LoggedError = { name: error.name, message: error.message };
  const { code } = error as { code?: unknown };
  if (typeof code === "string") logged.code = code;
  if (error.stack !== undefined) logged.stack = error.stack;
  if (error.cause instanceof Error && depth < MAX_CAUSES) {
    logged.cause = loggedError(error.cause, depth + 1);
  }
  return logged;
}

export class NodeLogger implements Logger {
  #logs: NodeLogs;
  #origin: Origin;
  #fields: Record<string, unknown> | undefined;

  constructor(logs: NodeLogs, origin: Origin, fields?: Record<string, unknown>) {
    this.#logs = logs;
    this.#origin = origin;
    this.#fields = fields;
  }

  isEnabled(level: LogLevel): boolean {
    return rank(level) >= this.#logs.threshold;
  }

  trace(message: string, fields?: Record<string, unknown>): void {
    if (this.#logs.threshold <= 0) this.#write("trace", message, fields);
  }

  debug(message: string, fields?: Record<string, unknown>): void {
    if (this.#logs.threshold <= 1) this.#write("debug", message, fields);
  }

  info(message: string, fields?: Record<string, unknown>): void {
    if (this.#logs.threshold <= 2) this.#write("info", message, fields);
  }

  warn(message: string, fields?: Record<string, unknown>): void {
    if (this.#logs.threshold <= 3) this.#write("warn", message, fields);
  }

  error(message: string, fields?: Record<string, unknown>): void {
    if (this.#logs.threshold <= 4) this.#write("error", message, fields);
  }

  child(fields: Record<string, unknown>): Logger {
    return new NodeLogger(this.#logs, this.#origin, { ...this.#fields, ...fields });
  }

  #write(level: LogLevel, message: string, fields?: Record<string, unknown>): void {
    const { nodeId, label, delivery, sink } = this.#logs;
    const record: Undelivered = {
      time: performance.timeOrigin + performance.now(),
      level,
      message: String(message),
      ...(nodeId === undefined ? undefined : { nodeId }),
      label,
      ...this.#origin,
      target: "runar-ts",
    };
    const all = this.#fields === undefined ? fields : { ...this.#fields, ...fields };
    if (all !== undefined) {
      const { error = all.err, ...rest } = all;
      if (error instanceof Error) {
        delete rest.err;
        record.error = loggedError(error);
        if (Object.keys(rest).length > 0) record.fields = rest;
      } else {
        record.fields = { ...all };
      }
    }
    delivery.add(record, sink);
  }
}
