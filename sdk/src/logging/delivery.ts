/**
 * The delivery of a thread's log records to the sinks of its nodes, in one order: after the code that
 * wrote them (or during it, when there are many and the sink is quick), and at the latest when the
 * process ends.
 */

import { native } from "../native/binding.js";
import { afterJob, monotonicNow, setTimeout, sinceEpoch, systemNow } from "../platform/clock.js";
import { afterTurn } from "../platform/event-loop.js";
import { consoleSink } from "./console-sink.js";
import { releaseDescriptors } from "./descriptor.js";
import { LogPipeline } from "./pipeline.js";
import type { DeliveryPort } from "./pipeline-ports.js";
import type { LogSink } from "./record.js";

/** How long sinks may block the event loop before it turns. */
const MAX_BLOCK_MS = 10;
/** Records of Rust are gathered for this long at most. */
const GATHER_MS = 5;
/** The largest difference between the clock of the records and that of the system. */
const MAX_CLOCK_DRIFT_MS = 20;
const CHECK_CLOCK_MS = 100;

export class Delivery implements DeliveryPort<LogPipeline> {
  /** The number by which Rust knows this thread. */
  readonly isolate: number;
  /** The last `seq` that was given. */
  lastSeq = 0;
  /** The last position in the order of JavaScript's records that was given. */
  lastOrder = 0;
  /** Whether a sink is writing records at this moment. */
  writing = false;
  #pipelines: () => Iterable<LogPipeline>;
  #deliverNow = () => this.deliver();
  #requested = new Set<LogPipeline>();
  #scheduled = false;
  #exiting = false;
  #clock = sinceEpoch(0);
  /** When to look at the system's clock again. */
  #nextClock = 0;
  #console: LogSink | undefined;
  #nodeless: LogPipeline | undefined;
  readonly #orphans = new Map<number, LogPipeline>();

  constructor(isolate: number, pipelines: () => Iterable<LogPipeline>) {
    this.isolate = isolate;
    this.#pipelines = pipelines;
    // Records that are pending when the process ends are still delivered, before loggers such as pino
    // flush what they gathered, and close.
    process.prependOnceListener("exit", () => {
      this.#exiting = true;
      for (const pipeline of this.#pipelines()) pipeline.drainNow();
      for (const pipeline of this.#orphans.values()) pipeline.drainNow();
      this.nodeless.drainNow();
      releaseDescriptors();
    });
  }

  /** The sink of nodes that were given none. */
  get console(): LogSink {
    this.#console ??= consoleSink();
    return this.#console;
  }

  /** For records of the core that name no node. */
  get nodeless(): LogPipeline {
    this.#nodeless ??= new LogPipeline(this, { handle: 0, sink: this.console });
    return this.#nodeless;
  }

  /** The time of a record: milliseconds since 1970, with microseconds behind the point. */
  now(): number {
    return this.#clock + monotonicNow();
  }

  /** The pipeline of a node that was collected and has records left. */
  orphan(handle: number): LogPipeline {
    let pipeline = this.#orphans.get(handle);
    if (pipeline === undefined) {
      pipeline = new LogPipeline(this, { handle, sink: this.console });
      this.#orphans.set(handle, pipeline);
    }
    return pipeline;
  }

  /** The last record of a node was delivered. */
  forget(handle: number): void {
    this.#orphans.delete(handle);
    native.logsForget(handle);
  }

  schedule(pipeline: LogPipeline): void {
    this.#requested.add(pipeline);
    if (this.#exiting) {
      if (!this.writing) pipeline.drainNow();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      afterJob(this.#deliverNow);
    }
  }

  /** Looks again for records of Rust, without keeping the process alive. */
  pollLater(pipeline: LogPipeline): void {
    if (!this.#exiting) setTimeout(() => pipeline.request(), GATHER_MS).unref();
  }

  /** Delivers the rounds that were requested, within a time slice; the rest in a later turn. */
  deliver(): void {
    this.#scheduled = false;
    if (this.#requested.size === 0) return;
    const pipelines = [...this.#requested];
    this.#requested.clear();
    for (const pipeline of pipelines) pipeline.begin();
    const began = monotonicNow();
    if (began > this.#nextClock) this.#setClock(began);
    const until = began + MAX_BLOCK_MS;
    for (;;) {
      let first: LogPipeline | undefined;
      let firstOrder = Infinity;
      let secondOrder = Infinity;
      for (const pipeline of pipelines) {
        const order = pipeline.next;
        if (order < firstOrder) {
          secondOrder = firstOrder;
          firstOrder = order;
          first = pipeline;
        } else if (order < secondOrder) {
          secondOrder = order;
        }
      }
      if (first === undefined) return;
      first.step(secondOrder);
      if (monotonicNow() > until) {
        this.#continueLater(pipelines);
        return;
      }
    }
  }

  #continueLater(pipelines: readonly LogPipeline[]): void {
    for (const pipeline of pipelines) if (pipeline.next !== Infinity) this.#requested.add(pipeline);
    if (this.#requested.size === 0 || this.#scheduled) return;
    this.#scheduled = true;
    afterTurn(() => this.deliver());
  }

  /** Makes the clock with microseconds follow that of the system when it is set anew. */
  #setClock(now: number): void {
    this.#nextClock = now + CHECK_CLOCK_MS;
    const clock = systemNow() - now;
    if (Math.abs(clock - this.#clock) > MAX_CLOCK_DRIFT_MS) this.#clock = clock;
  }
}
