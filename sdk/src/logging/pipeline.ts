/**
 * The pipeline of one node's log records to its sink. It works in rounds: first the records that Rust
 * had when the round began, then those of JavaScript. While the sink is busy the pipeline stands still,
 * and new records wait in the bounded queue of the side that wrote them.
 */

import { describeThrown } from "../errors/errors.js";
import { native } from "../native/binding.js";
import { monotonicNow } from "../platform/clock.js";
import { isPromiseLike } from "../platform/promise-like.js";
import { readBatch } from "./columns.js";
import { TARGET } from "./levels.js";
import { PartialFailure } from "./partial-failure.js";
import type { DeliveryPort, LogPipelineOptions } from "./pipeline-ports.js";
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
import { whenSettled } from "./settlement.js";

/** The limits of one batch. */
const MAX_BATCH_RECORDS = 512;
const MAX_BATCH_BYTES = 1 << 20;
const INITIAL_BATCH_RECORDS = 64;
/** A sink that takes longer for a batch gets smaller ones, so that it does not block the event loop. */
const MAX_BATCH_MS = 10;
/** From this queue length on records are delivered while the program writes more, to a quick sink. */
const DELIVER_AT_RECORDS = 1024;
/** A sink that takes no longer than this for a record is quick, however busy the machine is. */
const MAX_QUICK_MS = 0.02;
/** This many slow batches in a row make a sink slow: a single one may be a garbage collection. */
const SLOW_AFTER_BATCHES = 2;
/** A slow sink is tried again after this time: the machine may have been busy. */
const RETRY_SLOW_MS = 100;
const WARN = rank("warn");

export class LogPipeline {
  readonly handle: number;
  readonly label: string | undefined;
  nodeId: string | undefined;
  /** Listeners that get each record before the sink does. */
  readonly taps = new Set<(record: LogRecord) => void>();
  /** Rust writes no more records of this node. */
  ended = false;

  readonly #delivery: DeliveryPort<LogPipeline>;
  readonly #sink: LogSink;
  readonly #pressedSink: PressedSink | undefined;
  readonly #redact: Redactor | undefined;
  readonly #queue = new LogQueue();
  readonly #accepted = noneOfAnyLevel();
  readonly #delivered = noneOfAnyLevel();
  /** Lost because the sink failed, or the records were closed. */
  readonly #failed = noneOfAnyLevel();
  /** The drops of this side's queue that have been reported. */
  #reportedDrops = noneOfAnyLevel();
  /** The drops of Rust's queue that have not been reported. */
  #unreportedRust = noneOfAnyLevel();
  /** Given to the sink, whose promise is pending. */
  #inFlight = noneOfAnyLevel();
  #busy = false;
  #closed = false;
  #batchRecords = INITIAL_BATCH_RECORDS;
  /** Slow batches since the last quick one. */
  #slowBatches = 0;
  /** When the last slow batch ended. */
  #slowAt = 0;
  #reportedProblems = new Set<string>();
  /** Whether records wait that belong to no round yet. */
  #due = false;
  /** The records of Rust that are left in this round; `undefined` before Rust was asked. */
  #rustLeft: number | undefined = 0;
  /** The last order of JavaScript's records in this round. */
  #lastOrder = 0;
  #rounds = 0;
  #tookFromRust = false;
  #waiters: { round: number; done: () => void }[] = [];

  constructor(
    delivery: DeliveryPort<LogPipeline>,
    { handle, sink, label, redact }: LogPipelineOptions,
  ) {
    this.#delivery = delivery;
    this.handle = handle;
    this.#sink = sink;
    this.#pressedSink = canBePressed(sink) ? sink : undefined;
    this.label = label;
    this.#redact = redact;
  }

  /** Adds a record that JavaScript wrote. */
  add(record: LogRecord, level: number): void {
    (this.#accepted[level] as number)++;
    if (this.#closed || this.#delivery.writing) {
      (this.#failed[level] as number)++;
      if (!this.#closed) this.#reportOnce("a log sink writes records itself; they are dropped");
      return;
    }
    record.seq = ++this.#delivery.lastOrder;
    const size = sizeOf(record);
    if (!this.#queue.hasRoom(level, size)) this.#makeRoom(level, size);
    this.#queue.push(record, level, size);
    this.request();
    // A loop that writes more records than the queue holds loses none.
    if (this.#queue.length >= DELIVER_AT_RECORDS && !this.#busy && this.#isQuick) {
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

  /** Whether the sink was quick, or was slow long enough ago to be tried again. */
  get #isQuick(): boolean {
    if (this.#slowBatches < SLOW_AFTER_BATCHES) return true;
    return monotonicNow() - this.#slowAt > RETRY_SLOW_MS;
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

  /** The position of the next record in the order of all; Infinity when the round has none left. */
  get next(): number {
    if (this.#busy) return Infinity;
    if (this.#rustLeft !== 0) return 0;
    const { first } = this.#queue;
    return first <= this.#lastOrder ? first : Infinity;
  }

  /** Delivers one batch; records of JavaScript only up to the position `upTo`. */
  step(upTo: number): void {
    if (this.#rustLeft !== 0) this.#stepRust();
    else this.#stepJavaScript(Math.min(upTo, this.#lastOrder));
    if (!this.#busy && !this.#isInRound) this.#endRound();
  }

  #stepRust(): void {
    const most = Math.min(this.#batchRecords, this.#rustLeft ?? Infinity);
    const text = native.logsTake(this.#delivery.isolate, this.handle, most, MAX_BATCH_BYTES);
    if (text === "") {
      this.#rustLeft = 0;
      if (this.#hasUnreported) this.#write([], noneOfAnyLevel());
      return;
    }
    const { records, levels, dropped, left } = readBatch(text, this.nodeId, this.label);
    this.#tookFromRust = true;
    const known = this.#rustLeft;
    this.#rustLeft =
      known === undefined ? left : Math.max(Math.min(known - records.length, left), 0);
    // Rust has counted them; here they are only reported.
    for (const [level, count] of dropped.entries())
      (this.#unreportedRust[level] as number) += count;
    this.#write(records, levels);
  }

  #stepJavaScript(upTo: number): void {
    const levels = noneOfAnyLevel();
    this.#write(this.#queue.take(this.#batchRecords, upTo, levels), levels);
  }

  #endRound(): void {
    // Rust announces no records until a batch was empty, so the pipeline polls again.
    if (this.#tookFromRust && !this.#due) this.#delivery.pollLater(this);
    this.#tookFromRust = false;
    const ended = this.#waiters.filter(({ round }) => round <= this.#rounds);
    this.#waiters = this.#waiters.filter(({ round }) => round > this.#rounds);
    for (const { done } of ended) done();
    if (this.#due) this.#delivery.schedule(this);
    else if (this.ended) this.#delivery.forget(this.handle);
  }

  #write(records: LogRecord[], levels: PerLevel): void {
    if (this.#hasUnreported) {
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
    const began = monotonicNow();
    delivery.writing = true;
    try {
      const result = this.#sink.write(records);
      if (isPromiseLike(result)) this.#follow(result, levels);
      else this.#written(levels);
    } catch (error) {
      this.#writeFailed(error, levels);
    } finally {
      delivery.writing = false;
    }
    const took = monotonicNow() - began;
    const isQuick = took < Math.max(MAX_BATCH_MS / 4, records.length * MAX_QUICK_MS);
    this.#slowBatches = isQuick ? 0 : this.#slowBatches + 1;
    this.#slowAt = began + took;
    if (took > MAX_BATCH_MS)
      this.#batchRecords = Math.max(Math.floor((records.length * MAX_BATCH_MS) / took), 1);
    else if (isQuick) this.#batchRecords = Math.min(this.#batchRecords << 1, MAX_BATCH_RECORDS);
  }

  /** Whether records were dropped that no report has counted. */
  get #hasUnreported(): boolean {
    const { dropped } = this.#queue;
    for (let level = 0; level < LOG_LEVELS.length; level++) {
      if (this.#unreportedRust[level] !== 0 || dropped[level] !== this.#reportedDrops[level])
        return true;
    }
    return false;
  }

  /** The record that says, in its place among the others, how many records are missing. */
  #dropReport(): LogRecord {
    const { dropped } = this.#queue;
    const counts = this.#unreportedRust.map(
      (count, level) => count + (dropped[level] as number) - (this.#reportedDrops[level] as number),
    );
    const total = sum(counts);
    this.#unreportedRust = noneOfAnyLevel();
    this.#reportedDrops = [...dropped];
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
    whenSettled(
      result,
      () => {
        this.#written(levels);
        settled();
      },
      (error) => {
        this.#writeFailed(error, levels);
        settled();
      },
    );
  }

  #written(levels: PerLevel): void {
    add(this.#delivered, levels, 1);
  }

  #writeFailed(error: unknown, levels: PerLevel): void {
    let [lost, cause] = [levels, error];
    if (error instanceof PartialFailure) {
      lost = noneOfAnyLevel();
      for (const { level } of error.lost) (lost[rank(level)] as number)++;
      cause = error.cause;
    }
    add(this.#failed, lost, 1);
    add(this.#delivered, levels, 1);
    add(this.#delivered, lost, -1);
    this.#reportOnce(`a log sink failed; its records are lost: ${describeThrown(cause)}`, cause);
  }

  #reportOnce(what: string, cause?: unknown): void {
    if (this.#reportedProblems.has(what)) return;
    this.#reportedProblems.add(what);
    report(what, cause);
  }

  /** Delivers all pending records without waiting for the sink: the process ends. */
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

  /** Calls back when the records that are pending now were delivered, and the sink has flushed. */
  whenFlushed(done: () => void): void {
    const flushed = () => {
      Promise.resolve()
        .then(() => this.#sink.flush?.())
        .catch((error) => this.#reportOnce(`a log sink did not flush: ${describeThrown(error)}`))
        .then(done);
    };
    this.#waiters.push({ round: this.#rounds + 1, done: flushed });
    this.request();
  }

  /** Drops, and counts, the records that are written from now on. */
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
        dropped: at(this.#failed) + at(this.#queue.dropped) + dropped,
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
