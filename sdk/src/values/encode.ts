/**
 * The encoder of values to their binary form. Written for speed: when it refuses a value, `check.ts`
 * finds the reason and the place.
 */

import { asRunarError, createError } from "../errors/errors.js";
import { MAX_DEPTH, Tag } from "../generated/protocol.js";
import { MessageTooLarge, type Writer } from "./buffers.js";
import { checkValue } from "./check.js";
import { INT64_MAX } from "./int64.js";
import { fitsInRust, isUnicode, kindOfObject, symbolKey } from "./kinds.js";
import { handleIn, isHeldValue, JsonValue, type RustValue } from "./rust-value.js";
import { StreamRef } from "./stream-ref.js";

/** Thrown as it is: making an error with a stack costs more than finding the reason. */
const REFUSED = { name: "Refused" };

/** Up to this length, writing ASCII character by character beats a call of the encoder. */
const MAX_SHORT_STRING = 48;

/** Bytes from this size on are attached to a message, with one copy instead of three. */
const MIN_ATTACHED_BYTES = 1 << 14;

/** Who reads the value: Rust itself, or TypeScript at the other end of an unopened message. */
export type ReadBy = "rust" | "typescript";

/**
 * Writes a value. `root` names it in errors: `payload` or `result`. A value that cannot cross is
 * refused with a ValueError; the writer then holds half of it and must be set back.
 */
export function encode(writer: Writer, value: unknown, root: string, readBy: ReadBy): void {
  const attached: number[] = [];
  try {
    const top = new Encoder(writer, readBy, attached);
    if (isRustValue(value)) top.rustValue(value, 0);
    else if (value instanceof StreamRef) top.stream(value);
    else top.write(value, 0);
    writer.checkSize();
  } catch (error) {
    for (const handle of attached) writer.handles.drop(handle);
    if (error instanceof MessageTooLarge) {
      throw createError("ERR_RUNAR_VALUE", `${root}: ${error.message}; send it in parts`, {
        details: { path: root },
      });
    }
    checkValue(value, root, { nestedRustValues: readBy === "rust" });
    // The handle of a closed ArcValue is a typed error of its own.
    const typed = asRunarError(error);
    if (typed !== undefined) throw typed;
    throw createError("ERR_RUNAR_VALUE", `${root}: changed while it was being read`, {
      cause: error,
      details: { path: root },
    });
  }
}

function isRustValue(value: unknown): value is RustValue {
  return typeof value === "object" && value !== null && kindOfObject(value) === "rust";
}

class Encoder {
  constructor(
    readonly writer: Writer,
    readonly readBy: ReadBy,
    readonly attached: number[],
  ) {}

  write(value: unknown, depth: number): void {
    switch (typeof value) {
      case "number":
        this.#number(value);
        return;
      case "string":
        this.#text(value);
        return;
      case "boolean":
        this.writer.u8(value ? Tag.true : Tag.false);
        return;
      case "undefined":
        this.writer.u8(Tag.undefined);
        return;
      case "bigint":
        if (!fitsInRust(value)) throw REFUSED;
        this.writer.u8(value > INT64_MAX ? Tag.uint64 : Tag.int64);
        this.writer.u64(value);
        return;
      case "object":
        if (value === null) this.writer.u8(Tag.null);
        else this.#object(value, depth);
        return;
      default:
        throw REFUSED;
    }
  }

  #number(value: number): void {
    const { writer } = this;
    writer.reserve(9);
    const { bytes, view, length } = writer;
    // -0 is equal to its int32, but is not the same value.
    if ((value | 0) === value && !(value === 0 && 1 / value < 0)) {
      bytes[length] = Tag.int32;
      view.setInt32(length + 1, value, true);
      writer.length = length + 5;
    } else {
      bytes[length] = Tag.float64;
      view.setFloat64(length + 1, value, true);
      writer.length = length + 9;
    }
  }

  #text(text: string): void {
    const { writer } = this;
    const tagAt = writer.length;
    writer.u8(Tag.ascii);
    if (this.#string(text)) return;
    writer.bytes[tagAt] = Tag.utf8;
  }

  /** Says whether all of it was ASCII. */
  #string(text: string): boolean {
    const size = text.length;
    if (size <= MAX_SHORT_STRING) {
      const { writer } = this;
      writer.reserve(4 + size);
      const { bytes } = writer;
      const start = writer.length + 4;
      let index = 0;
      for (; index < size; index++) {
        const code = text.charCodeAt(index);
        if (code > 0x7f) break;
        bytes[start + index] = code;
      }
      if (index === size) {
        writer.view.setUint32(start - 4, size, true);
        writer.length = start + size;
        return true;
      }
    }
    if (this.writer.string(text)) return true;
    if (!isUnicode(text)) throw REFUSED;
    return false;
  }

  #object(value: object, depth: number): void {
    if (depth >= MAX_DEPTH) throw REFUSED;
    const kind = kindOfObject(value);
    if (kind === "object") {
      this.#plainObject(value as Record<string, unknown>, depth);
      return;
    }
    switch (kind) {
      case "array":
        this.#array(value as unknown[], depth);
        return;
      case "bytes":
        this.#bytes(value as Uint8Array);
        return;
      case "rust":
        if (this.readBy !== "rust") throw REFUSED;
        this.rustValue(value as RustValue, depth);
        return;
      default:
        throw REFUSED;
    }
  }

  #array(array: unknown[], depth: number): void {
    const { writer } = this;
    const count = array.length;
    // The length of a proxy may be any value.
    if (count !== count >>> 0) throw REFUSED;
    if (count > 0 && typeof array[0] === "number" && this.#numbers(array, count)) return;
    writer.head(Tag.array, count);
    for (let index = 0; index < count; index++) {
      const item = array[index];
      if (item === undefined && !(index in array)) throw REFUSED;
      this.write(item, depth + 1);
    }
  }

  /** Writes an array of nothing but numbers; says whether it is one. */
  #numbers(array: unknown[], count: number): boolean {
    const { writer } = this;
    const start = writer.length;
    writer.reserve(5 + 8 * Math.min(count, 1 << 16));
    writer.head(Tag.numbers, count);
    for (let index = 0; index < count; index++) {
      const item = array[index];
      if (typeof item !== "number") {
        writer.length = start;
        return false;
      }
      writer.f64(item);
    }
    return true;
  }

  #plainObject(object: Record<string, unknown>, depth: number): void {
    if (symbolKey(object) !== undefined) throw REFUSED;
    const keys = Object.keys(object);
    const { writer } = this;
    writer.head(Tag.object, keys.length);
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] as string;
      this.#string(key);
      this.write(object[key], depth + 1);
    }
  }

  #bytes(bytes: Uint8Array): void {
    const { writer, attached } = this;
    const isShared =
      typeof SharedArrayBuffer === "function" && bytes.buffer instanceof SharedArrayBuffer;
    if (this.readBy === "rust" && bytes.length >= MIN_ATTACHED_BYTES && !isShared) {
      const handle = writer.handles.attach(bytes);
      attached.push(handle);
      writer.head(Tag.heldBytes, handle);
      writer.u32(bytes.length);
      return;
    }
    writer.u8(Tag.bytes);
    writer.raw(bytes);
  }

  stream({ id, peer }: StreamRef): void {
    this.writer.head(Tag.stream, id);
    this.writer.string(peer);
  }

  rustValue(value: RustValue, depth: number): void {
    const { writer } = this;
    if (value instanceof JsonValue) {
      writer.u8(Tag.json);
      this.write(value.toJS(), depth + 1);
      return;
    }
    if (!isHeldValue(value)) throw REFUSED;
    writer.head(Tag.held, value[handleIn](writer.handles));
  }
}
