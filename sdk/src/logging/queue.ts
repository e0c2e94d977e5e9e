/**
 * The queue of records that JavaScript wrote and that no sink has taken. Bounded, by the rule of the
 * queue in Rust (`queue.rs`): a full queue drops the oldest record of the lowest level, and a part of the
 * capacity is reserved for errors.
 */

import { LOG_LEVELS, type LogRecord } from "./record.js";

/** The same as Rust's. */
export const LOG_LIMITS = {
  records: 8192,
  bytes: 8 << 20,
  reservedRecords: 1024,
  reservedBytes: 1 << 20,
} as const;

export type LogLimits = { readonly [Key in keyof typeof LOG_LIMITS]: number };

/** A number for each level, lowest level first. */
export type PerLevel = number[];

export const noneOfAnyLevel = (): PerLevel => [0, 0, 0, 0, 0];

export function sum(counts: PerLevel): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

const ERROR = LOG_LEVELS.length - 1;
/** A level's queue is compacted from this length on, once half of its entries are empty. */
const COMPACT_FROM = 1024;

/** The records of one level; until they are delivered `seq` holds their order across levels. */
class LevelQueue {
  #records: LogRecord[] = [];
  #sizes: number[] = [];
  #head = 0;

  get length(): number {
    return this.#records.length - this.#head;
  }

  /** The order of the oldest; Infinity for none. */
  get first(): number {
    return this.#records[this.#head]?.seq ?? Infinity;
  }

  push(record: LogRecord, size: number): void {
    this.#records.push(record);
    this.#sizes.push(size);
  }

  /** Takes all out; their sizes go with them. */
  takeAll(): LogRecord[] {
    const all = this.#head === 0 ? this.#records : this.#records.slice(this.#head);
    this.#reset();
    return all;
  }

  /** The order of the newest, when there is one. */
  get last(): number {
    return (this.#records[this.#records.length - 1] as LogRecord).seq;
  }

  #reset(): void {
    this.#records = [];
    this.#sizes = [];
    this.#head = 0;
  }

  /** Takes the oldest out and returns its size. */
  shift(into?: LogRecord[]): number {
    const head = this.#head++;
    const size = this.#sizes[head] as number;
    into?.push(this.#records[head] as LogRecord);
    if (this.#head === this.#records.length) {
      this.#reset();
    } else if (head >= COMPACT_FROM && head * 2 > this.#records.length) {
      this.#records.splice(0, this.#head);
      this.#sizes.splice(0, this.#head);
      this.#head = 0;
    }
    return size;
  }
}

export class LogQueue {
  readonly #limits: LogLimits;
  readonly #queues = LOG_LEVELS.map(() => new LevelQueue());
  /** The records that were dropped because the queue was full. */
  readonly dropped = noneOfAnyLevel();
  #length = 0;
  #bytes = 0;
  #errorBytes = 0;

  constructor(limits: LogLimits = LOG_LIMITS) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#length;
  }

  /** The order of the oldest; Infinity for none. */
  get first(): number {
    let first = Infinity;
    for (const queue of this.#queues) if (queue.first < first) first = queue.first;
    return first;
  }

  /** Whether nothing would have to go for a record. */
  hasRoom(level: number, size: number): boolean {
    const { records, bytes, reservedRecords, reservedBytes } = this.#limits;
    if (this.#length >= records || this.#bytes + size > bytes) return false;
    if (level === ERROR) return true;
    const errors = (this.#queues[ERROR] as LevelQueue).length;
    return (
      this.#length - errors < records - reservedRecords &&
      this.#bytes - this.#errorBytes + size <= bytes - reservedBytes
    );
  }

  /** Takes a record in; something else may have to go for it. Its `seq` is its place in the order. */
  push(record: LogRecord, level: number, size: number): void {
    const { bytes, reservedBytes } = this.#limits;
    if (size > (level === ERROR ? bytes : bytes - reservedBytes)) {
      // It would push all others out, and then go itself.
      (this.dropped[level] as number)++;
      return;
    }
    (this.#queues[level] as LevelQueue).push(record, size);
    this.#length++;
    this.#bytes += size;
    if (level === ERROR) this.#errorBytes += size;
    while (this.#isOver()) this.#dropOne();
  }

  /** Takes out up to `most` records, the oldest first, none of a later order than `upTo`. */
  take(most: number, upTo: number, levels: PerLevel): LogRecord[] {
    const all = this.#takeOnlyLevel(most, upTo, levels);
    if (all !== undefined) return all;
    const batch: LogRecord[] = [];
    while (batch.length < most) {
      let level = -1;
      let first = Infinity;
      let second = Infinity;
      for (const [index, queue] of this.#queues.entries()) {
        const order = queue.first;
        if (order < first) {
          second = first;
          first = order;
          level = index;
        } else if (order < second) {
          second = order;
        }
      }
      if (level < 0 || first > upTo) break;
      const queue = this.#queues[level] as LevelQueue;
      const last = Math.min(second, upTo);
      const start = batch.length;
      do this.#removed(level, queue.shift(batch));
      while (batch.length < most && queue.length > 0 && queue.first <= last);
      (levels[level] as number) += batch.length - start;
    }
    return batch;
  }

  /** The usual case, without a look at every record: all have the same level, and all may go. */
  #takeOnlyLevel(most: number, upTo: number, levels: PerLevel): LogRecord[] | undefined {
    const length = this.#length;
    if (length === 0 || length > most) return undefined;
    for (let level = 0; level <= ERROR; level++) {
      const queue = this.#queues[level] as LevelQueue;
      if (queue.length === 0) continue;
      if (queue.length < length || queue.last > upTo) return undefined;
      (levels[level] as number) += length;
      this.#length = this.#bytes = this.#errorBytes = 0;
      return queue.takeAll();
    }
    return undefined;
  }

  /** How many records of each level wait. */
  counts(): PerLevel {
    return this.#queues.map((queue) => queue.length);
  }

  #isOver(): boolean {
    const { records, bytes, reservedRecords, reservedBytes } = this.#limits;
    const errors = (this.#queues[ERROR] as LevelQueue).length;
    return (
      this.#length > records ||
      this.#bytes > bytes ||
      this.#length - errors > records - reservedRecords ||
      this.#bytes - this.#errorBytes > bytes - reservedBytes
    );
  }

  #dropOne(): void {
    const level = this.#queues.findIndex((queue) => queue.length > 0);
    this.#removed(level, (this.#queues[level] as LevelQueue).shift());
    (this.dropped[level] as number)++;
  }

  #removed(level: number, size: number): void {
    this.#length--;
    this.#bytes -= size;
    if (level === ERROR) this.#errorBytes -= size;
  }
}

/** What a number, a reference, or a name in an object takes, roughly. */
const VALUE_BYTES = 32;
const RECORD_BYTES = 256;

/**
 * Roughly what a record holds in memory: its texts, and the texts and bytes at the top of its
 * fields. What lies deeper is the program's own, and only referred to.
 */
export function sizeOf(record: LogRecord): number {
  let size = RECORD_BYTES + record.message.length * 2;
  if (record.error?.stack !== undefined) size += record.error.stack.length * 2;
  const { fields } = record;
  for (const key in fields) {
    const value = fields[key];
    size += VALUE_BYTES;
    if (typeof value === "string") size += value.length * 2;
    else if (ArrayBuffer.isView(value)) size += value.byteLength;
  }
  return size;
}
