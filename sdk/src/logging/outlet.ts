/**
 * The records of one node on their way to its sink. They go in rounds: first what Rust had pending
 * when the round began, then what JavaScript had. While the sink is busy nothing moves, and what
 * comes meanwhile waits within bounds, on the side where it was written.
 */

import { describeThrown } from "../errors.js";
import { native } from "../native.js";
import { isPromiseLike } from "../promise-like.js";
import { readBatch } from "./columns.js";
import type { Delivery } from "./delivery.js";
import { TARGET } from "./levels.js";
import { PartialFailure } from "./partial-failure.js";
import { canBePressed, PRESS, type PressedSink } from "./pressed-sink.js";
import { LogQueue, noneOfAnyLevel, type PerLevel, sizeOf, sum } from "./queue.js";
import {
  LOG_LEVELS,
  type LogCounts,
  type LogLevel,
  type LogRecord,
  type LogSink,
  type LogStats,
  rank,
} from "./record.js";
import type { Redactor } from "./redact.js";
import { report } from "./report.js";

/** The most that a sink gets at once. */
const BATCH_RECORDS = 512;
const BATCH_BYTES = 1 << 20;
const FIRST_RECORDS = 64;
/** A sink that takes longer for a batch gets smaller ones, so that the event loop breathes. */
const BATCH_MS = 10;
/** So many of JavaScript's records are delivered while more are written, to a sink that is quick. */
const MANY_RECORDS = 1024;
/** A sink that takes no longer for each record is quick, whoever else wants the processor. */
const QUICK_MS = 0.02;
/** So many slow batches in a row make a sink slow: one may be the garbage collector's doing. */
const SLOW_BATCHES = 2;
/** After so long a slow sink is tried again: it may have been the machine that was busy. */
const RETRY_MS = 100;
const WARN = rank("warn");

/** What tells the records of a node from those of others. */
export interface OutletOptions {
  /** The number by which Rust knows the node; 0 for records that name none. */
  handle: number;
  sink: LogSink;
  label?: string | undefined;
  redact?: Redactor | undefined;
}

export class Outlet {
  readonly handle: number;
  readonly label: string | undefined;
  nodeId: string | undefined;
  /** Told of each record just before the sink. */
  readonly taps = new Set<(record: LogRecord) => void>();
  /** Rust writes no more records of this node. */
  ended = false;

  readonly #delivery: Delivery;
  readonly #sink: LogSink;
  readonly #pressedSink: PressedSink | undefined;
  readonly #redact: Redactor | undefined;
  readonly #queue = new LogQueue();
  readonly #accepted = noneOfAnyLevel();
  readonly #delivered = noneOfAnyLevel();
  /** For other reasons than want of room. */
  readonly #lost = noneOfAnyLevel();
  /** What was told of the records that the queue here dropped. */
  #told = noneOfAnyLevel();
  /** What Rust dropped for want of room and nobody has told. */
  #untold = noneOfAnyLevel();
  /** With the sink, which has not said that it took them. */
  #inFlight = noneOfAnyLevel();
  #busy = false;
  #closed = false;
  #most = FIRST_RECORDS;
  /** Since the last quick one. */
  #slowBatches = 0;
  /** When the last of them ended. */
  #slowAt = 0;
  #reported = new Set<string>();
  /** Something waits that no round has begun with. */
  #due = false;
  /** How much of what Rust had is left in this round; `undefined` when it was not asked yet. */
  #rustLeft: number | undefined = 0;
  /** The last order of JavaScript's records in this round. */
  #lastOrder = 0;
  #rounds = 0;
  #tookFromRust = false;
  #waiters: { round: number; told: () => void }[] = [];

  constructor(delivery: Delivery, { handle, sink, label, redact }: OutletOptions) {
    this.#delivery = delivery;
    this.handle = handle;
    this.#sink = sink;
    this.#pressedSink = canBePressed(sink) ? sink : undefined;
    this.label = label;
    this.#redact = redact;
  }

  /** Takes a record that JavaScript wrote. */
  add(record: LogRecord, level: number): void {
    (this.#accepted[level] as number)++;
    if (this.#closed || this.#delivery.writing) {
      (this.#lost[level] as number)++;
      if (!this.#closed) this.#reportOnce("a log sink writes records itself; they are dropped");
      return;
    }
    record.seq = ++this.#delivery.lastOrder;
    const size = sizeOf(record);
    if (!this.#queue.hasRoom(level, size)) this.#makeRoom(level, size);
    this.#queue.push(record, level, size);
    this.request();
    // A loop that writes more than there is room for loses nothing.
    if (this.#queue.length >= MANY_RECORDS && !this.#busy && this.#isQuick) {
      this.#delivery.deliver();
    }
  }

  /** Has a sink that can write at once do so, where a record would be dropped otherwise. */
  #makeRoom(level: number, size: number): void {
    const sink = this.#pressedSink;
    if (sink === undefined) return;
    while (!this.#queue.hasRoom(level, size)) {
      if (this.#busy) {
        if (!sink[PRESS]()) return;
        continue;
      }
      const { length } = this.#queue;
      this.#delivery.deliver();
      if (!this.#busy && this.#queue.length === length) return;
    }
  }

  /** Whether the sink was quick or, if it was not, whether it deserves to be tried again. */
  get #isQuick(): boolean {
    if (this.#slowBatches < SLOW_BATCHES) return true;
    return performance.now() - this.#slowAt > RETRY_MS;
  }

  /** Asks for a round. */
  request(): void {
    if (this.#due) return;
    this.#due = true;
    if (!this.#busy) this.#delivery.schedule(this);
  }

  /** Begins a round, unless one is under way. */
  begin(): void {
    if (this.#busy || this.#isInRound) return;
    this.#due = false;
    this.#rounds++;
    this.#rustLeft = undefined;
    this.#lastOrder = this.#delivery.lastOrder;
  }

  get #isInRound(): boolean {
    return this.#rustLeft !== 0 || this.#queue.first <= this.#lastOrder;
  }

  /** Where the next record stands in the order of all; Infinity when the round can do no more. */
  get next(): number {
    if (this.#busy) return Infinity;
    if (this.#rustLeft !== 0) return 0;
    const { first } = this.#queue;
    return first <= this.#lastOrder ? first : Infinity;
  }

  /** Delivers a batch, of JavaScript's records none that is later than `upTo`. */
  step(upTo: number): void {
    if (this.#rustLeft !== 0) this.#stepRust();
    else this.#stepJavaScript(Math.min(upTo, this.#lastOrder));
    if (!this.#busy && !this.#isInRound) this.#endRound();
  }

  #stepRust(): void {
    const most = Math.min(this.#most, this.#rustLeft ?? Infinity);
    const text = native.logsTake(this.#delivery.isolate, this.handle, most, BATCH_BYTES);
    if (text === "") {
      this.#rustLeft = 0;
      if (this.#hasUntold) this.#write([], noneOfAnyLevel());
      return;
    }
    const { records, levels, dropped, left } = readBatch(text, this.nodeId, this.label);
    this.#tookFromRust = true;
    const known = this.#rustLeft;
    this.#rustLeft =
      known === undefined ? left : Math.max(Math.min(known - records.length, left), 0);
    // Rust has counted them; here they are only told.
    for (const [level, count] of dropped.entries()) (this.#untold[level] as number) += count;
    this.#write(records, levels);
  }

  #stepJavaScript(upTo: number): void {
    const levels = noneOfAnyLevel();
    this.#write(this.#queue.take(this.#most, upTo, levels), levels);
  }

  #endRound(): void {
    // Whoever took something from Rust comes back: it announces nothing until a batch was empty.
    if (this.#tookFromRust && !this.#due) this.#delivery.returnLater(this);
    this.#tookFromRust = false;
    const ended = this.#waiters.filter(({ round }) => round <= this.#rounds);
    this.#waiters = this.#waiters.filter(({ round }) => round > this.#rounds);
    for (const { told } of ended) told();
    if (this.#due) this.#delivery.schedule(this);
    else if (this.ended) this.#delivery.forget(this.handle);
  }

  #write(records: LogRecord[], levels: PerLevel): void {
    if (this.#hasUntold) {
      records.unshift(this.#dropReport());
      (levels[WARN] as number)++;
    }
    if (records.length === 0) return;
    const delivery = this.#delivery;
    const redact = this.#redact;
    for (const record of records) {
      record.seq = ++delivery.lastSeq;
      if (redact !== undefined && record.fields !== undefined)
        record.fields = redact(record.fields);
    }
    for (const tap of this.taps) for (const record of records) tap(record);
    const began = performance.now();
    delivery.writing = true;
    try {
      const result = this.#sink.write(records);
      if (isPromiseLike(result)) this.#follow(result, levels);
      else this.#took(levels);
    } catch (error) {
      this.#failed(error, levels);
    } finally {
      delivery.writing = false;
    }
    const took = performance.now() - began;
    const isQuick = took < Math.max(BATCH_MS / 4, records.length * QUICK_MS);
    this.#slowBatches = isQuick ? 0 : this.#slowBatches + 1;
    this.#slowAt = began + took;
    if (took > BATCH_MS) this.#most = Math.max(Math.floor((records.length * BATCH_MS) / took), 1);
    else if (isQuick) this.#most = Math.min(this.#most << 1, BATCH_RECORDS);
  }

  /** Whether records were dropped that no report has told of. */
  get #hasUntold(): boolean {
    const { dropped } = this.#queue;
    for (let level = 0; level < LOG_LEVELS.length; level++) {
      if (this.#untold[level] !== 0 || dropped[level] !== this.#told[level]) return true;
    }
    return false;
  }

  /** Tells, in its place among the others, how many records are missing there. */
  #dropReport(): LogRecord {
    const { dropped } = this.#queue;
    const counts = this.#untold.map(
      (count, level) => count + (dropped[level] as number) - (this.#told[level] as number),
    );
    const total = sum(counts);
    this.#untold = noneOfAnyLevel();
    this.#told = [...dropped];
    (this.#accepted[WARN] as number)++;
    const named = LOG_LEVELS.map((level, index) => [level, counts[index]]);
    const { nodeId, label } = this;
    return {
      time: this.#delivery.now(),
      level: "warn",
      message: `${total} log records were dropped: more came than the sink takes`,
      ...(nodeId === undefined ? undefined : { nodeId }),
      ...(label === undefined ? undefined : { label }),
      component: "Node",
      target: TARGET,
      fields: { dropped: Object.fromEntries(named.filter(([, count]) => count)) },
      seq: 0,
    };
  }

  #follow(result: PromiseLike<unknown>, levels: PerLevel): void {
    this.#busy = true;
    add(this.#inFlight, levels, 1);
    const settled = () => {
      add(this.#inFlight, levels, -1);
      this.#busy = false;
      if (this.#isInRound) this.#delivery.schedule(this);
      else this.#endRound();
    };
    result.then(
      () => {
        this.#took(levels);
        settled();
      },
      (error) => {
        this.#failed(error, levels);
        settled();
      },
    );
  }

  #took(levels: PerLevel): void {
    add(this.#delivered, levels, 1);
  }

  #failed(error: unknown, levels: PerLevel): void {
    let [lost, cause] = [levels, error];
    if (error instanceof PartialFailure) {
      lost = noneOfAnyLevel();
      for (const { level } of error.lost) (lost[rank(level)] as number)++;
      cause = error.cause;
    }
    add(this.#lost, lost, 1);
    add(this.#delivered, levels, 1);
    add(this.#delivered, lost, -1);
    this.#reportOnce(`a log sink failed; its records are lost: ${describeThrown(cause)}`, cause);
  }

  #reportOnce(what: string, cause?: unknown): void {
    if (this.#reported.has(what)) return;
    this.#reported.add(what);
    report(what, cause);
  }

  /** Delivers what is pending without waiting for anything: the process ends. */
  drainNow(): void {
    if (this.#busy) this.#flushSync();
    do {
      this.begin();
      while (this.next !== Infinity) {
        this.step(Infinity);
        if (this.#busy) this.#flushSync();
      }
    } while (this.#due);
    this.#flushSync();
  }

  /** Has the sink end what it began, as far as it can do so at once. */
  #flushSync(): void {
    this.#delivery.writing = true;
    try {
      this.#sink.flushSync?.();
    } catch (error) {
      this.#reportOnce(`a log sink did not flush: ${describeThrown(error)}`);
    } finally {
      this.#delivery.writing = false;
    }
    this.#busy = false;
  }

  /** Calls back when all that is pending now was delivered, and the sink has let go of it. */
  whenFlushed(told: () => void): void {
    const flushed = () => {
      Promise.resolve()
        .then(() => this.#sink.flush?.())
        .catch((error) => this.#reportOnce(`a log sink did not flush: ${describeThrown(error)}`))
        .then(told);
    };
    this.#waiters.push({ round: this.#rounds + 1, told: flushed });
    this.request();
  }

  /** What is written from now on is dropped, and counted. */
  close(): void {
    this.#closed = true;
  }

  get closed(): boolean {
    return this.#closed;
  }

  stats(): LogStats {
    const fromRust = JSON.parse(native.logsCounts(this.#delivery.isolate, this.handle)) as [
      accepted: number,
      taken: number,
      dropped: number,
      pending: number,
    ][];
    const waiting = this.#queue.counts();
    const total: LogCounts = { accepted: 0, delivered: 0, dropped: 0, pending: 0 };
    const levels = LOG_LEVELS.map((name, level): [LogLevel, LogCounts] => {
      const at = (counts: PerLevel) => counts[level] as number;
      const [accepted, , dropped, pending] = fromRust[level] ?? [0, 0, 0, 0];
      const counts: LogCounts = {
        accepted: at(this.#accepted) + accepted,
        delivered: at(this.#delivered),
        dropped: at(this.#lost) + at(this.#queue.dropped) + dropped,
        pending: at(waiting) + at(this.#inFlight) + pending,
      };
      for (const key of Object.keys(total) as (keyof LogCounts)[]) total[key] += counts[key];
      return [name, counts];
    });
    return { ...(Object.fromEntries(levels) as Record<LogLevel, LogCounts>), total };
  }
}

function add(to: PerLevel, counts: PerLevel, times: number): void {
  for (let level = 0; level < to.length; level++) {
    (to[level] as number) += (counts[level] as number) * times;
  }
}
