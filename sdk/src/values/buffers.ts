/** The buffers that values and messages are written to and read from. */

import { MAX_MESSAGE_BYTES } from "../generated/protocol.js";
import type { HandleTable } from "./handle-table.js";

export const MAX_UINT32 = 0xffffffff;

/** The size of one exchange; lengths between JavaScript and Rust have 32 bits. */
const MAX_BATCH = 1 << 30;

/** The size of a new buffer. */
const INITIAL_BYTES = 1 << 16;
/** A larger buffer is replaced by a new one once it is empty. */
const MAX_KEPT_BYTES = 1 << 22;

/** From this length on a text's bytes are counted before the buffer grows. */
const LONG_STRING = 1 << 16;

/** The failure of writing a message that is larger than may cross. */
export class MessageTooLarge extends Error {
  constructor() {
    super(`larger than ${MAX_MESSAGE_BYTES} bytes, the most that can cross at once`);
  }
}

/** Writes messages into a buffer that grows. */
export class Writer {
  bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  view = viewOf(this.bytes);
  length = 0;
  readonly handles: HandleTable;
  #start = 0;

  constructor(handles: HandleTable) {
    this.handles = handles;
  }

  /** Throws when the current message is larger than may cross. */
  checkSize(): void {
    if (this.length - this.#start > MAX_MESSAGE_BYTES) throw new MessageTooLarge();
  }

  /** Makes sure that this many bytes fit. */
  reserve(count: number): void {
    if (this.length + count > this.bytes.length) this.#grow(this.length + count);
  }

  #grow(needed: number): void {
    if (needed - this.#start > MAX_MESSAGE_BYTES || needed > MAX_BATCH) throw new MessageTooLarge();
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

  /** Empties the buffer, and frees the memory that one large message took. */
  clear(): void {
    this.length = 0;
    this.#start = 0;
    if (this.bytes.length > MAX_KEPT_BYTES) this.#use(Buffer.allocUnsafeSlow(INITIAL_BYTES));
  }

  /** Begins a message and returns its position, for `end`. */
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
    if (size > MAX_MESSAGE_BYTES) throw new MessageTooLarge();
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
  readonly handles: HandleTable;

  constructor(handles: HandleTable, bytes: Uint8Array = Buffer.allocUnsafeSlow(INITIAL_BYTES)) {
    this.handles = handles;
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = viewOf(this.bytes);
  }

  grow(size: number): void {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.view = viewOf(this.bytes);
  }

  /** Frees the memory that one large message took. */
  shrink(): void {
    if (this.bytes.length > MAX_KEPT_BYTES) this.grow(INITIAL_BYTES);
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
