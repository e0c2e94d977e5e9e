/**
 * The messages of the crossing; `crossing.rs` and `outbox.rs` of crates/ffi have the same numbers. A
 * message is its length (u32), its kind (u8), the number of its call or invocation (u32), and a body.
 */

import { createError } from "./errors.js";

/** What JavaScript says. */
export const Inbound = {
  requestAction: 1,
  requestPath: 2,
  reply: 3,
  fail: 4,
  cancel: 5,
  publish: 6,
} as const;

/** What Rust says. */
export const Outbound = {
  invoke: 1,
  result: 2,
  error: 3,
  failure: 4,
  forget: 5,
  abort: 6,
  logs: 7,
  more: 8,
  event: 9,
  logsEnd: 10,
} as const;

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);
const encoder = new TextEncoder();

/** Up to this length, writing ASCII character by character beats a call of the encoder. */
const SHORT_STRING = 48;

/** The most that one exchange carries; lengths on the crossing have 32 bits. */
const MAX_BATCH = 1 << 30;

const FIRST_BYTES = 1 << 16;
/** A buffer that has grown beyond this is given up once it is empty. */
const KEPT_BYTES = 1 << 20;

/** Writes messages into a buffer that grows. */
export class Writer {
  bytes = new Uint8Array(FIRST_BYTES);
  length = 0;

  #reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    if (needed > MAX_BATCH) {
      throw createError("ERR_RUNAR_VALUE", `A value larger than ${MAX_BATCH} bytes cannot cross`);
    }
    const grown = new Uint8Array(Math.min(Math.max(needed, this.bytes.length * 2), MAX_BATCH));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** Forgets what was written, and the memory that one large message took. */
  clear(): void {
    this.length = 0;
    if (this.bytes.length > KEPT_BYTES) this.bytes = new Uint8Array(FIRST_BYTES);
  }

  /** Begins a message and returns where, for `end`. */
  begin(kind: number, number: number): number {
    const start = this.length;
    this.#reserve(9);
    this.length += 4;
    this.bytes[this.length++] = kind;
    this.u32(number);
    return start;
  }

  /** Completes the message that began at `start`. */
  end(start: number): void {
    const end = this.length;
    this.length = start;
    this.u32(end - start - 4);
    this.length = end;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.bytes[this.length++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    const { bytes, length } = this;
    bytes[length] = value;
    bytes[length + 1] = value >>> 8;
    bytes[length + 2] = value >>> 16;
    bytes[length + 3] = value >>> 24;
    this.length = length + 4;
  }

  f64(value: number): void {
    this.#reserve(8);
    float[0] = value;
    this.bytes.set(floatBytes, this.length);
    this.length += 8;
  }

  u64(value: bigint): void {
    this.u32(Number(value & 0xffffffffn));
    this.u32(Number((value >> 32n) & 0xffffffffn));
  }

  raw(bytes: Uint8Array): void {
    this.u32(bytes.length);
    this.#reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Writes the length and the UTF-8 bytes of a text; says whether all of it was ASCII. */
  string(text: string): boolean {
    const size = text.length;
    if (size <= SHORT_STRING && this.#shortAscii(text)) return true;
    this.#reserve(4 + size * 3);
    const start = this.length + 4;
    const { written } = encoder.encodeInto(text, this.bytes.subarray(start));
    this.u32(written);
    this.length = start + written;
    return written === size;
  }

  #shortAscii(text: string): boolean {
    const size = text.length;
    this.#reserve(4 + size);
    const { bytes } = this;
    const start = this.length + 4;
    for (let index = 0; index < size; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      bytes[start + index] = code;
    }
    this.u32(size);
    this.length = start + size;
    return true;
  }
}

/** Reads messages from a buffer that Rust wrote. */
export class Reader {
  bytes = Buffer.allocUnsafe(FIRST_BYTES);
  at = 0;

  grow(size: number): void {
    this.bytes = Buffer.allocUnsafe(size);
  }

  /** Gives back the memory that one large message took. */
  shrink(): void {
    if (this.bytes.length > KEPT_BYTES) this.grow(FIRST_BYTES);
  }

  u8(): number {
    return this.bytes[this.at++] as number;
  }

  u32(): number {
    const value = this.bytes.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  i32(): number {
    return this.u32() | 0;
  }

  f64(): number {
    const value = this.bytes.readDoubleLE(this.at);
    this.at += 8;
    return value;
  }

  u64(): bigint {
    const low = this.u32();
    return (BigInt(this.u32()) << 32n) | BigInt(low);
  }

  /** Moves over the bytes of a sized part, and returns where they are. */
  #sized(): { start: number; end: number } {
    const size = this.u32();
    const start = this.at;
    this.at = start + size;
    return { start, end: this.at };
  }

  /** A copy: the buffer is written again by the next exchange. */
  raw(): Uint8Array {
    const { start, end } = this.#sized();
    return new Uint8Array(this.bytes.subarray(start, end));
  }

  string(): string {
    const { start, end } = this.#sized();
    return this.bytes.toString("utf8", start, end);
  }

  ascii(): string {
    const { start, end } = this.#sized();
    return this.bytes.toString("latin1", start, end);
  }
}
