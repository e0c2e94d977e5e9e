/** The decoder of values from their binary form. */

import { createError } from "../errors/errors.js";
import { Tag } from "../generated/protocol.js";
import type { Reader } from "./buffers.js";
import { StreamRef } from "./stream-ref.js";

/** Up to this length, reading ASCII character by character beats a call of the decoder. */
const MAX_SHORT_STRING = 12;

/** Keys come again and again: the last one of each place is kept, so that most cost no new string. */
const KEY_SLOTS = 1024;
const MAX_CACHED_KEY = 32;
const keys: string[] = new Array(KEY_SLOTS).fill("");

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
      return ascii(reader);
    case Tag.utf8:
      return reader.string();
    case Tag.int64:
      return BigInt.asIntN(64, reader.u64());
    case Tag.uint64:
      return reader.u64();
    case Tag.bytes:
      return reader.raw();
    case Tag.array:
      return array(reader);
    case Tag.object:
      return object(reader);
    case Tag.numbers:
      return numbers(reader);
    case Tag.json:
      return decode(reader);
    case Tag.held:
      return reader.handles.adopt(reader.u32());
    case Tag.heldBytes:
      return reader.handles.take(reader.u32(), reader.u32());
    case Tag.stream:
      return new StreamRef(reader.u32(), reader.string());
    default:
      throw createError("ERR_RUNAR_VALUE", `Rust sent a value with the unknown tag ${tag}`);
  }
}

function ascii(reader: Reader): string {
  const size = reader.u32();
  const { bytes, at } = reader;
  reader.at = at + size;
  if (size > MAX_SHORT_STRING) return bytes.toString("latin1", at, at + size);
  let text = "";
  for (let index = at; index < at + size; index++) {
    text += String.fromCharCode(bytes[index] as number);
  }
  return text;
}

function array(reader: Reader): unknown[] {
  const size = reader.u32();
  const items: unknown[] = [];
  for (let index = 0; index < size; index++) items.push(decode(reader));
  return items;
}

function numbers(reader: Reader): number[] {
  const size = reader.u32();
  const items: number[] = [];
  for (let index = 0; index < size; index++) items.push(reader.f64());
  return items;
}

function object(reader: Reader): Record<string, unknown> {
  const size = reader.u32();
  const result: Record<string, unknown> = {};
  for (let index = 0; index < size; index++) {
    const name = key(reader);
    const value = decode(reader);
    if (name === "__proto__") {
      // Data, never a prototype.
      Object.defineProperty(result, name, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else {
      result[name] = value;
    }
  }
  return result;
}

function key(reader: Reader): string {
  const size = reader.u32();
  const { bytes, at } = reader;
  const end = at + size;
  reader.at = end;
  if (size === 0) return "";
  if (size > MAX_CACHED_KEY) return bytes.toString("utf8", at, end);
  const first = bytes[at] as number;
  const middle = bytes[at + (size >> 1)] as number;
  const last = bytes[end - 1] as number;
  const place = ((first * 31 + last) * 31 + middle + size * 7) & (KEY_SLOTS - 1);
  const known = keys[place] as string;
  if (known.length === size && isThere(known, bytes, at)) return known;
  const text = bytes.toString("utf8", at, end);
  // Compared character by byte, only ASCII can be found again.
  if (text.length === size) keys[place] = text;
  return text;
}

function isThere(text: string, bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[at + index]) return false;
  }
  return true;
}
