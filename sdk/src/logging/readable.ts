/** Values as JSON can hold them, so that whatever is logged can be read. */

import { describeThrown } from "../errors/errors.js";

/** What refers back to itself, or is shown too many times. */
const SEEN = "[seen before]";
const MAX_DEPTH = 64;
/** How many objects of a value are shown once more where they are met again. */
const MAX_REPEATS = 1000;
const MAX_BYTES = 64;
const MAX_NUMBERS = 256;
/** Bun before 1.1.26 lists where an error was made among its own keys. */
const BUN_KEYS = ["originalLine", "originalColumn"];

/** What a record may hold without being changed by `readable`. */
export function isSimple(value: unknown): boolean {
  const type = typeof value;
  return type === "string" || type === "number" || type === "boolean" || value == null;
}

/** Whether something is an error, of whatever realm. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** A value as JSON can hold it; what cannot be read is told in words. Never throws. */
export function readable(value: unknown): unknown {
  return isSimple(value) ? value : new Reading().read(value, 0);
}

/** Fields as JSON can hold them: the same object when they can be left as they are. */
export function readableFields(fields: Record<string, unknown>): Record<string, unknown> {
  for (const key in fields) {
    if (isSimple(fields[key])) continue;
    const reading = new Reading();
    return reading.record(fields, 0);
  }
  return fields;
}

/** What paths of keys lead through: a Map or a Set as it is shown, anything else as it is. */
export function asPlain(value: object): object {
  if (value instanceof Set) return [...value];
  if (!(value instanceof Map)) return value;
  const entries = [...value];
  if (!entries.every(([key]) => typeof key === "string")) return entries;
  return plainObject(entries);
}

function plainObject(entries: Iterable<[string, unknown]>): Record<string, unknown> {
  // A key may be `__proto__`.
  const plain: Record<string, unknown> = Object.create(null);
  for (const [key, value] of entries) plain[key] = value;
  return plain;
}

const unreadable = (thrown: unknown) => `[cannot be read: ${describeThrown(thrown)}]`;

class Reading {
  readonly #above = new Set<object>();
  readonly #met = new Set<object>();
  #repeats = 0;

  read(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case "bigint":
        return `${value}n`;
      case "symbol":
        return value.toString();
      case "function":
        return nameOfFunction(value);
      case "object":
        return value === null ? null : this.#object(value, depth);
      default:
        return value;
    }
  }

  /** The properties of an object, each by itself. */
  record(value: object, depth: number): Record<string, unknown> {
    this.#above.add(value);
    const shown = this.#properties(value, depth);
    this.#above.delete(value);
    return shown;
  }

  #object(value: object, depth: number): unknown {
    if (this.#above.has(value)) return SEEN;
    if (depth >= MAX_DEPTH) return "[too deep]";
    if (this.#met.has(value)) {
      // Objects that share others double in number with each level.
      if (this.#repeats >= MAX_REPEATS) return SEEN;
      this.#repeats++;
    }
    this.#met.add(value);
    this.#above.add(value);
    try {
      return this.#contents(value, depth);
    } catch (thrown) {
      return unreadable(thrown);
    } finally {
      this.#above.delete(value);
    }
  }

  #contents(value: object, depth: number): unknown {
    const inner = (item: unknown) => this.read(item, depth + 1);
    if (Array.isArray(value)) return this.#items(value, depth);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return bytes(value);
    if (value instanceof Date && Number.isNaN(value.getTime())) return "Invalid Date";
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function") {
      const json: unknown = toJSON.call(value, "");
      return json === value ? this.#properties(value, depth) : inner(json);
    }
    if (isError(value)) return this.#error(value, depth);
    if (value instanceof Map || value instanceof Set) {
      const plain = asPlain(value);
      return Array.isArray(plain) ? this.#items(plain, depth) : this.#properties(plain, depth);
    }
    if (value instanceof RegExp) return String(value);
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value.valueOf();
    }
    const shown = this.#properties(value, depth);
    for (const _ in shown) return shown;
    const name = classOf(value);
    return name === undefined ? shown : `[${name}]`;
  }

  #items(list: readonly unknown[], depth: number): unknown[] {
    // Holes, functions and `undefined` keep their places.
    return Array.from(list, (item) => (item === undefined ? null : this.read(item, depth + 1)));
  }

  #properties(value: object, depth: number): Record<string, unknown> {
    const shown: Record<string, unknown> = Object.create(null);
    for (const key of Object.keys(value)) {
      try {
        shown[key] = this.read((value as Record<string, unknown>)[key], depth + 1);
      } catch (thrown) {
        shown[key] = unreadable(thrown);
      }
    }
    return shown;
  }

  #error(error: Error, depth: number): unknown {
    const shown: Record<string, unknown> = Object.create(null);
    for (const key of ["name", "message", "code", "stack", "cause", "errors"]) {
      try {
        const value = (error as unknown as Record<string, unknown>)[key];
        if (value !== undefined) shown[key] = this.read(value, depth + 1);
      } catch (thrown) {
        shown[key] = unreadable(thrown);
      }
    }
    const own = this.#properties(error, depth);
    for (const key of BUN_KEYS) delete own[key];
    return Object.assign(shown, own);
  }
}

function nameOfFunction(value: object): string {
  const { name } = value as { name?: unknown };
  return typeof name === "string" && name !== "" ? `[Function: ${name}]` : "[Function]";
}

/** What an object that shows nothing is; `undefined` for a plain one. */
function classOf(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return undefined;
  const made: unknown = value.constructor;
  return typeof made === "function" && made.name !== "Object" ? made.name : undefined;
}

/** Bytes in hexadecimal, numbers as a list, and how many more there are. */
function bytes(value: ArrayBufferView | ArrayBuffer): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof Uint8Array || value instanceof DataView)) {
    const numbers = value as unknown as ArrayLike<number | bigint>;
    const most = Math.min(numbers.length, MAX_NUMBERS);
    const shown: unknown[] = [];
    for (let index = 0; index < most; index++) {
      const number = numbers[index];
      shown.push(typeof number === "bigint" ? `${number}n` : number);
    }
    if (numbers.length > most) shown.push(`... ${numbers.length - most} more`);
    return shown;
  }
  const view = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
  const hex = Buffer.from(view.subarray(0, MAX_BYTES)).toString("hex");
  const more = view.length > MAX_BYTES ? `... ${view.length - MAX_BYTES} more` : "";
  return `${value.constructor.name}(${view.length}) ${hex}${more}`;
}
