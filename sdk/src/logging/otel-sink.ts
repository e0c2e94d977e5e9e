/** Records to OpenTelemetry, by its Logs API. */

import { describeError } from "./logged-error.js";
import { writeEach } from "./partial-failure.js";
import { isSimple, readable } from "./readable.js";
import type { LogLevel, LogRecord, LogSink } from "./record.js";

/** What the SDK uses of a provider of loggers; no package of OpenTelemetry is ever imported. */
export interface OtelLoggerProvider {
  /** The logger of an instrumentation scope. */
  getLogger(name: string, version?: string): OtelLogger;
  /** Sends what waits: called at `node.stop()` and `closeLogs()`. */
  forceFlush?(): Promise<void>;
}

/** What takes records; a part of `Logger` of the Logs API. */
export interface OtelLogger {
  /** Takes a record. */
  emit(record: OtelLogRecord): void;
}

/** A log record as the Logs API takes it. */
export interface OtelLogRecord {
  /** Seconds since 1970, and the nanoseconds of the second. */
  timestamp: [number, number];
  /** The level as the data model counts it, from 1 (trace) to 17 (error). */
  severityNumber: number;
  /** The name of the level. */
  severityText: string;
  /** The record's message. */
  body: string;
  /** Everything else that the record has, by the semantic conventions. */
  attributes: Record<string, OtelValue>;
  /** Tells of which span the record is a part, when its call came with a `traceparent`. */
  context?: OtelContext;
}

/** What an attribute may be. */
export type OtelValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | Uint8Array
  | OtelValue[]
  | { [key: string]: OtelValue };

/** A context as OpenTelemetry's API has it. */
export interface OtelContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): OtelContext;
  deleteValue(key: symbol): OtelContext;
}

/** The numbers of the data model: the first of each range. */
const SEVERITY: Record<LogLevel, number> = { trace: 1, debug: 5, info: 9, warn: 13, error: 17 };

/** The key under which OpenTelemetry's contexts hold the span. */
const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");
const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})/;

/** A context that tells of which span a record is a part. */
function contextOf(traceparent: string | undefined): OtelContext | undefined {
  const [, traceId, spanId, flags = "0"] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (traceId === undefined) return undefined;
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  const span = { spanContext: () => spanContext };
  return contextWith(new Map<symbol, unknown>([[SPAN_KEY, span]]));
}

function contextWith(values: ReadonlyMap<symbol, unknown>): OtelContext {
  return {
    getValue: (key: symbol) => values.get(key),
    setValue: (key: symbol, value: unknown) => contextWith(new Map(values).set(key, value)),
    deleteValue: (key: symbol) =>
      contextWith(new Map([...values].filter(([present]) => present !== key))),
  };
}

/** By the semantic conventions where they have a name, else below `runar`. */
function attributesOf(record: LogRecord): Record<string, OtelValue> {
  const { nodeId, label, component, service, action, event, requestId, target, raw } = record;
  const all = {
    ...record.fields,
    "runar.node.id": nodeId,
    "runar.node.label": label,
    "runar.component": component,
    "runar.service": service,
    "runar.action": action,
    "runar.event": event,
    "runar.request.id": requestId,
    "runar.target": target,
    "runar.raw": raw,
    "exception.type": record.error?.name,
    "exception.message": record.error?.message,
    "exception.stacktrace": record.error && describeError(record.error),
  };
  const attributes: Record<string, OtelValue> = {};
  for (const [key, value] of Object.entries(all)) {
    if (value !== undefined) attributes[key] = toValue(value);
  }
  return attributes;
}

/** Bytes stay what they are, and a bigint is its digits; what OpenTelemetry cannot hold is told in words. */
function toValue(value: unknown): OtelValue {
  if (isSimple(value)) return value as OtelValue;
  if (typeof value === "bigint") return String(value);
  const shown = readable(value);
  if (typeof shown !== "object" || shown === null)
    return isBytes(value) ? value : (shown as OtelValue);
  // OpenTelemetry's SDK drops objects without keys, and lists of more than one type.
  return isKept(shown) ? (shown as OtelValue) : JSON.stringify(shown);
}

function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && value instanceof Uint8Array;
}

function isKept(value: object): boolean {
  if (!Array.isArray(value)) return Object.keys(value).length > 0;
  const types = new Set(value.filter((item) => item !== null).map((item) => typeof item));
  return types.size < 2 && !types.has("object");
}

/**
 * A sink that emits records with OpenTelemetry's Logs API: text as the body, fields and
 * `runar.service`, `runar.action`, … as attributes, an error as `exception.*`. A record of a call with
 * a `traceparent` is a part of that span.
 *
 * @example
 * const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor(exporter)] });
 * new Node({}, { logger: otelSink(provider) });
 */
export function otelSink(provider: OtelLoggerProvider): LogSink {
  const logger = provider.getLogger("runar-ts");
  return {
    write(records) {
      writeEach(records, (record) => {
        const { time, level, message, traceparent } = record;
        const seconds = Math.floor(time / 1000);
        const context = contextOf(traceparent);
        logger.emit({
          timestamp: [seconds, Math.round((time - seconds * 1000) * 1e6)],
          severityNumber: SEVERITY[level],
          severityText: level.toUpperCase(),
          body: message,
          attributes: attributesOf(record),
          ...(context === undefined ? undefined : { context }),
        });
      });
    },
    flush: () => provider.forceFlush?.(),
  };
}
