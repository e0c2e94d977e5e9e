/** The record of an error: bounded JSON that crosses to Rust, to other isolates and to peers. */

import { ERRORS, type ErrorCode } from "../generated/error-table.js";
import {
  MAX_ERROR_CAUSES,
  MAX_ERROR_DEPTH,
  MAX_ERROR_RECORD,
  MAX_ERROR_TEXT,
} from "../generated/protocol.js";
import { asRunarError, createError, describeThrown, isError } from "./errors.js";
import type { RunarError, RunarErrorOptions } from "./runar-error.js";

/** The largest JSON of the details, or of the properties, of one error, in characters. */
const MAX_DATA = 64 * 1024;
interface CauseRecord {
  name: string;
  message: string;
  /** Of an error of the SDK, as is `details`. */
  code?: ErrorCode;
  details?: unknown;
  /** Of the first cause only. */
  stack?: string;
  cause?: CauseRecord;
  /** Of an AggregateError. */
  errors?: CauseRecord[];
  /** The own enumerable properties that JSON can hold. */
  properties?: Record<string, unknown>;
}

interface ErrorRecord {
  code: ErrorCode;
  message: string;
  details?: unknown;
  stack?: string;
  cause?: CauseRecord;
}

/** Writes the record of an error. Never throws. */
export function writeRecord(error: RunarError): string {
  const { code } = error;
  const message = bounded(error.message);
  const record: ErrorRecord = { code, message };
  if (error.details !== undefined) record.details = plain(error.details);
  if (typeof error.stack === "string") record.stack = bounded(error.stack);
  if (error.cause !== undefined) record.cause = new CauseWriter().write(error.cause, 1);
  const text = wellFormed(JSON.stringify(record));
  if (text.length <= MAX_ERROR_RECORD) return text;
  // Control characters take six times their length.
  return wellFormed(JSON.stringify({ code, message: message.slice(0, MAX_ERROR_TEXT / 8) }));
}

/** Replaces the escapes of lone surrogates in JSON: Rust has no such texts, and would refuse all of it. */
function wellFormed(json: string): string {
  return json.replace(/\\(?:u[0-9a-f]{4}|.)/g, (sequence) =>
    /^\\ud[89a-f]/.test(sequence) ? "\ufffd" : sequence,
  );
}

class CauseWriter {
  #left = MAX_ERROR_CAUSES;

  write(cause: unknown, depth: number): CauseRecord {
    this.#left--;
    try {
      if (isError(cause)) return this.#writeError(cause, depth);
    } catch {
      // What cannot be read is described.
    }
    return { name: "Error", message: describeThrown(cause) };
  }

  #writeError(cause: Error, depth: number): CauseRecord {
    const { name, message, stack } = cause;
    const record: CauseRecord = { name: bounded(name), message: bounded(message) };
    const typed = asRunarError(cause);
    if (typed !== undefined) {
      record.code = typed.code;
      if (typed.details !== undefined) record.details = plain(typed.details);
    } else {
      const properties = propertiesOf(cause);
      if (properties !== undefined) record.properties = properties;
    }
    if (typeof stack === "string" && depth === 1) record.stack = bounded(stack);
    if (depth >= MAX_ERROR_DEPTH) return record;
    if (cause instanceof AggregateError && Array.isArray(cause.errors)) {
      record.errors = [];
      for (const error of cause.errors) {
        if (this.#left === 0) break;
        record.errors.push(this.write(error, depth + 1));
      }
    }
    if (cause.cause !== undefined && this.#left > 0) {
      record.cause = this.write(cause.cause, depth + 1);
    }
    return record;
  }
}

/** Properties that every error has, and names that mean something to the language. */
const NOT_COPIED = new Set([
  ...["name", "message", "stack", "cause", "errors"],
  ...["__proto__", "constructor", "toString", "toJSON", "valueOf", "then"],
]);

/** The own enumerable properties that JSON can hold; `undefined` when there are none. */
function propertiesOf(error: Error): Record<string, unknown> | undefined {
  const properties: Record<string, unknown> = {};
  let left = MAX_DATA;
  for (const key of Object.keys(error)) {
    if (NOT_COPIED.has(key)) continue;
    const value: unknown = Reflect.get(error, key);
    const text = isJson(value, 0) ? JSON.stringify(value) : undefined;
    if (text === undefined || text.length + key.length > left) continue;
    left -= text.length + key.length;
    properties[key] = value;
  }
  return Object.keys(properties).length > 0 ? properties : undefined;
}

/** Whether JSON holds a value as it is. */
function isJson(value: unknown, depth: number): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth >= MAX_ERROR_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((item) => isJson(item, depth + 1));
}

/** Details as JSON has them; those that JSON cannot hold, or that are too large, are described. */
function plain(details: unknown): unknown {
  try {
    const text = JSON.stringify(details);
    if (text !== undefined && text.length <= MAX_DATA) return JSON.parse(text);
  } catch {
    // Described below.
  }
  return describeThrown(details);
}

function bounded(text: unknown): string {
  const whole = String(text);
  if (whole.length <= MAX_ERROR_TEXT) return whole;
  return `${whole.slice(0, MAX_ERROR_TEXT)}… (${whole.length - MAX_ERROR_TEXT} more characters)`;
}

/**
 * Makes the error of a record that came from another isolate, from Rust or from a peer. A part that is not
 * what it should be is left out; this does not throw.
 */
export function readRecord(text: string): RunarError {
  const record = parsed(text);
  const code = codeOf(record) ?? "ERR_RUNAR_ACTION";
  const message = textOf(record.message) ?? "The failure cannot be read";
  return createError(code, message, optionsOf(record, 0));
}

type Fields = Record<string, unknown>;

function parsed(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function codeOf({ code }: Fields): ErrorCode | undefined {
  const text = textOf(code);
  return text !== undefined && Object.hasOwn(ERRORS, text) ? (text as ErrorCode) : undefined;
}

function optionsOf({ details, cause }: Fields, depth: number): RunarErrorOptions {
  const options: RunarErrorOptions = {};
  if (details !== undefined && details !== null) options.details = details;
  const known = fieldsOf(cause);
  if (known !== undefined && depth < MAX_ERROR_DEPTH) options.cause = causeOf(known, depth + 1);
  return options;
}

function causeOf(record: Fields, depth: number): Error {
  const code = codeOf(record);
  const message = textOf(record.message) ?? "";
  const options = optionsOf(record, depth);
  const cause =
    code === undefined
      ? foreignError(record, message, options, depth)
      : createError(code, message, options);
  const stack = textOf(record.stack);
  if (stack !== undefined) cause.stack = stack;
  return cause;
}

function foreignError(
  record: Fields,
  message: string,
  options: RunarErrorOptions,
  depth: number,
): Error {
  const error = Array.isArray(record.errors)
    ? new AggregateError(
        record.errors
          .slice(0, MAX_ERROR_CAUSES)
          .map((one) => causeOf(fieldsOf(one) ?? {}, depth + 1)),
        message,
        options,
      )
    : new Error(message, options);
  const name = textOf(record.name) ?? "Error";
  // As on other errors, it is not among the properties that are listed.
  Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  for (const [key, value] of Object.entries(fieldsOf(record.properties) ?? {})) {
    if (!NOT_COPIED.has(key)) Object.defineProperty(error, key, { ...PROPERTY, value });
  }
  return error;
}

const PROPERTY = { enumerable: true, configurable: true, writable: true };
