/**
 * The messages of the crossing; `dispatch.rs` and `isolate/outbox.rs` of crates/ffi have the same numbers. A
 * message is its length (u32), its kind (u8), the number of its call or invocation (u32), and a body.
 */

import type { Held } from "./handles.js";

/** What JavaScript says. */
export const Inbound = {
  requestAction: 1,
  requestPath: 2,
  reply: 3,
  fail: 4,
  cancel: 5,
  publish: 6,
  release: 7,
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
  peer: 11,
} as const;

/** How a request by a path is meant. */
export const RequestFlag = { held: 1, positional: 2 } as const;

/** What becomes of a failure: its object is kept for a caller here; no handler has run. */
export const FailFlag = { kept: 1, refused: 2 } as const;

/** Whether, and how, a call comes from another node. */
export const CallerFlag = { peer: 1, authenticated: 2, positional: 4 } as const;

export const MAX_UINT32 = 0xffffffff;

/** What one message may carry: each copy on its way takes as much again. */
const MAX_MESSAGE = 1 << 28;

/** What one exchange may carry; lengths on the crossing have 32 bits. */
const MAX_BATCH = 1 << 30;

const FIRST_BYTES = 1 << 16;
/** A buffer that has grown beyond this is given up once it is empty. */
const KEPT_BYTES = 1 << 22;

/** From this length on it is worth to know how many bytes a text takes before there is room made. */
const LONG_STRING = 1 << 16;

/** A message would be larger than may cross. */
export class TooLarge extends Error {
  constructor() {
    super(`larger than ${MAX_MESSAGE} bytes, the most that can cross at once`);
  }
}

/** Writes messages into a buffer that grows. */
export class Writer {
  bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  view = viewOf(this.bytes);
  length = 0;
  readonly held: Held;
  #start = 0;

  constructor(held: Held) {
    this.held = held;
  }

  /** Throws when the message that was begun last is larger than may cross. */
  checkSize(): void {
    if (this.length - this.#start > MAX_MESSAGE) throw new TooLarge();
  }

  /** Makes room for so many bytes. */
  reserve(count: number): void {
    if (this.length + count > this.bytes.length) this.#grow(this.length + count);
  }

  #grow(needed: number): void {
    if (needed - this.#start > MAX_MESSAGE || needed > MAX_BATCH) throw new TooLarge();
    const grown = Buffer.allocUnsafeSlow(
      Math.min(Math.max(needed, this.bytes.length * 2), MAX_BATCH),
    );
    grown.set(this.bytes.subarray(0, this.length));
    this.#use(grown);
  }

  #use(bytes: typeof this.bytes): void {
    this.bytes = bytes;
    this.view = viewOf(bytes);
  }

  /** Forgets what was written, and the memory that one large message took. */
  clear(): void {
    this.length = 0;
    this.#start = 0;
    if (this.bytes.length > KEPT_BYTES) this.#use(Buffer.allocUnsafeSlow(FIRST_BYTES));
  }

  /** Begins a message and returns where, for `end`. */
  begin(kind: number, number: number): number {
    const start = this.length;
    this.#start = start;
    this.reserve(9);
    this.length += 4;
    this.bytes[this.length++] = kind;
    this.u32(number);
    return start;
  }

  /** Completes the message that began at `start`. */
  end(start: number): void {
    this.view.setUint32(start, this.length - start - 4, true);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  u32(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.length, value, true);
    this.length += 4;
  }

  /** A tag and a count. */
  head(tag: number, count: number): void {
    this.reserve(5);
    this.bytes[this.length] = tag;
    this.view.setUint32(this.length + 1, count, true);
    this.length += 5;
  }

  f64(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  u64(value: bigint): void {
    this.reserve(8);
    this.view.setBigUint64(this.length, BigInt.asUintN(64, value), true);
    this.length += 8;
  }

  raw(bytes: Uint8Array): void {
    this.u32(bytes.length);
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Writes the length and the UTF-8 bytes of a text; says whether all of it was ASCII. */
  string(text: string): boolean {
    const size = text.length;
    // No character takes less than a byte, so there is no need to count.
    if (size > MAX_MESSAGE) throw new TooLarge();
    this.reserve(4 + (size < LONG_STRING ? size * 3 : Buffer.byteLength(text)));
    const start = this.length + 4;
    const written = this.bytes.write(text, start);
    this.view.setUint32(start - 4, written, true);
    this.length = start + written;
    return written === size;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads messages from a buffer that Rust wrote. */
export class Reader {
  bytes: Buffer;
  view: DataView;
  at = 0;
  readonly held: Held;

  constructor(held: Held, bytes: Uint8Array = Buffer.allocUnsafeSlow(FIRST_BYTES)) {
    this.held = held;
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = viewOf(this.bytes);
  }

  grow(size: number): void {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.view = viewOf(this.bytes);
  }

  /** Gives back the memory that one large message took. */
  shrink(): void {
    if (this.bytes.length > KEPT_BYTES) this.grow(FIRST_BYTES);
  }

  u8(): number {
    return this.bytes[this.at++] as number;
  }

  u32(): number {
    const value = this.view.getUint32(this.at, true);
    this.at += 4;
    return value;
  }

  i32(): number {
    const value = this.view.getInt32(this.at, true);
    this.at += 4;
    return value;
  }

  f64(): number {
    const value = this.view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  u64(): bigint {
    const value = this.view.getBigUint64(this.at, true);
    this.at += 8;
    return value;
  }

  /** A copy: the buffer is written again by the next exchange. */
  raw(): Uint8Array {
    const size = this.u32();
    const start = this.at;
    this.at += size;
    // Not filled with zeros first: every byte is written.
    const copy = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
    copy.set(this.bytes.subarray(start, this.at));
    return copy;
  }

  string(): string {
    const size = this.u32();
    const start = this.at;
    this.at += size;
    return this.bytes.toString("utf8", start, this.at);
  }
}
