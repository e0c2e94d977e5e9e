/**
 * Values in their binary form on the crossing; `crates/ffi/src/value.rs` is the mirror and has the
 * same tags.
 */

import { createError } from "./errors.js";
import type { Reader, Writer } from "./wire.js";

const Tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int32: 4,
  float64: 5,
  ascii: 6,
  utf8: 7,
  int64: 8,
  uint64: 9,
  bytes: 10,
  array: 11,
  object: 12,
} as const;

const MAX_DEPTH = 128;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/** The way from the root to the value being written, for the message of a refusal. */
type Path = { readonly parent: Path | string; readonly key: string | number };

function describe(path: Path | string): string {
  if (typeof path === "string") return path;
  const step = typeof path.key === "number" ? `[${path.key}]` : `.${path.key}`;
  return describe(path.parent) + step;
}

function refuse(path: Path | string, what: string): never {
  const where = describe(path);
  throw createError("ERR_RUNAR_VALUE", `${where}: ${what}`, { details: { path: where } });
}

/**
 * Writes a value. `root` names it in errors: `payload` or `result`. A value that cannot cross is
 * refused with a ValueError; the writer then holds half of it and must be set back.
 */
export function encode(writer: Writer, value: unknown, root: string): void {
  write(writer, value, root, 0);
}

function write(writer: Writer, value: unknown, path: Path | string, depth: number): void {
  switch (typeof value) {
    case "number":
      writeNumber(writer, value);
      break;
    case "string":
      writeString(writer, value);
      break;
    case "boolean":
      writer.u8(value ? Tag.true : Tag.false);
      break;
    case "undefined":
      writer.u8(Tag.undefined);
      break;
    case "bigint":
      writeBigint(writer, value, path);
      break;
    case "object":
      if (value === null) writer.u8(Tag.null);
      else writeObject(writer, value, path, depth);
      break;
    default:
      refuse(path, `a ${typeof value} cannot cross`);
  }
}

function writeNumber(writer: Writer, value: number): void {
  // -0 is equal to its int32, but is not the same value.
  if ((value | 0) === value && !(value === 0 && 1 / value < 0)) {
    writer.u8(Tag.int32);
    writer.u32(value);
  } else {
    writer.u8(Tag.float64);
    writer.f64(value);
  }
}

function writeString(writer: Writer, value: string): void {
  const tagAt = writer.length;
  writer.u8(Tag.ascii);
  if (!writer.string(value)) writer.bytes[tagAt] = Tag.utf8;
}

function writeBigint(writer: Writer, value: bigint, path: Path | string): void {
  if (value >= INT64_MIN && value <= INT64_MAX) writer.u8(Tag.int64);
  else if (value > 0n && value <= UINT64_MAX) writer.u8(Tag.uint64);
  else refuse(path, "the bigint fits neither i64 nor u64; send it as a string");
  writer.u64(value);
}

function writeObject(writer: Writer, value: object, path: Path | string, depth: number): void {
  if (depth >= MAX_DEPTH) {
    refuse(path, `nested deeper than ${MAX_DEPTH} levels, or it contains itself`);
  }
  if (value instanceof Uint8Array) {
    writer.u8(Tag.bytes);
    writer.raw(value);
    return;
  }
  if (Array.isArray(value)) {
    writer.u8(Tag.array);
    writer.u32(value.length);
    for (let index = 0; index < value.length; index++) {
      write(writer, value[index], { parent: path, key: index }, depth + 1);
    }
    return;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const name = prototype.constructor?.name || "class instance";
    refuse(path, `a ${name} cannot cross; send a plain object, an array or a Uint8Array`);
  }
  const keys = Object.keys(value);
  writer.u8(Tag.object);
  writer.u32(keys.length);
  for (const key of keys) {
    writer.string(key);
    write(writer, (value as Record<string, unknown>)[key], { parent: path, key }, depth + 1);
  }
}

/** Reads a value that Rust, or `encode`, wrote. */
export function decode(reader: Reader): unknown {
  const tag = reader.u8();
  switch (tag) {
    case Tag.undefined:
      return undefined;
    case Tag.null:
      return null;
    case Tag.false:
      return false;
    case Tag.true:
      return true;
    case Tag.int32:
      return reader.i32();
    case Tag.float64:
      return reader.f64();
    case Tag.ascii:
      return reader.ascii();
    case Tag.utf8:
      return reader.string();
    case Tag.int64:
      return BigInt.asIntN(64, reader.u64());
    case Tag.uint64:
      return reader.u64();
    case Tag.bytes:
      return reader.raw();
    case Tag.array:
      return decodeArray(reader);
    case Tag.object:
      return decodeObject(reader);
    default:
      throw createError("ERR_RUNAR_VALUE", `Rust sent a value with the unknown tag ${tag}`);
  }
}

function decodeArray(reader: Reader): unknown[] {
  const size = reader.u32();
  const array: unknown[] = [];
  for (let index = 0; index < size; index++) array.push(decode(reader));
  return array;
}

function decodeObject(reader: Reader): Record<string, unknown> {
  const size = reader.u32();
  const object: Record<string, unknown> = {};
  for (let index = 0; index < size; index++) {
    const key = reader.string();
    const value = decode(reader);
    if (key === "__proto__") {
      // Data, never a prototype.
      Object.defineProperty(object, key, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else {
      object[key] = value;
    }
  }
  return object;
}
