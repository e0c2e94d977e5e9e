/**
 * When records are delivered: when the code that wrote them has come to its end (or, when many have
 * come and the sink is quick, before), to every node's sink in one order, and at the latest when the
 * process ends.
 */

import { setTimeout } from "../clock.js";
import { native } from "../native.js";
import { afterTurn } from "../runtime.js";
import { consoleSink } from "./console-sink.js";
import { releaseDescriptors } from "./descriptor.js";
import { Outlet } from "./outlet.js";
import type { LogSink } from "./record.js";

/** How long sinks may keep the event loop before it turns. */
const SLICE_MS = 10;
/** Records of Rust that come in a row go together, so many milliseconds after the first at most. */
const GATHER_MS = 5;
/** By so much the clock of the records may differ from that of the system. */
const CLOCK_DRIFT_MS = 20;
const CLOCK_EVERY_MS = 100;

const settled = Promise.resolve();

export class Delivery {
  /** The number by which Rust knows this thread. */
  readonly isolate: number;
  /** The last `seq` that was given. */
  lastSeq = 0;
  /** The last place in the order of JavaScript's records that was given. */
  lastOrder = 0;
  /** A sink is taking records at this very moment. */
  writing = false;
  #outlets: () => Iterable<Outlet>;
  #deliverNow = () => this.deliver();
  #requested = new Set<Outlet>();
  #scheduled = false;
  #exiting = false;
  #clock = performance.timeOrigin;
  /** When to look at the system's clock again. */
  #nextClock = 0;
  #console: LogSink | undefined;
  #nodeless: Outlet | undefined;
  readonly #orphans = new Map<number, Outlet>();

  constructor(isolate: number, outlets: () => Iterable<Outlet>) {
    this.isolate = isolate;
    this.#outlets = outlets;
    // What is pending when the process ends by itself, or is made to, is still delivered: before
    // loggers such as pino flush what they gathered, and close.
    process.prependOnceListener("exit", () => {
      this.#exiting = true;
      for (const outlet of this.#outlets()) outlet.drainNow();
      for (const outlet of this.#orphans.values()) outlet.drainNow();
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
  get nodeless(): Outlet {
    this.#nodeless ??= new Outlet(this, { handle: 0, sink: this.console });
    return this.#nodeless;
  }

  /** The time of a record: milliseconds since 1970, with microseconds behind the point. */
  now(): number {
    return this.#clock + performance.now();
  }

  /** For what is left of a node that nobody has any more. */
  orphan(handle: number): Outlet {
    let outlet = this.#orphans.get(handle);
    if (outlet === undefined) {
      outlet = new Outlet(this, { handle, sink: this.console });
      this.#orphans.set(handle, outlet);
    }
    return outlet;
  }

  /** The last record of a node was delivered. */
  forget(handle: number): void {
    this.#orphans.delete(handle);
    native.logsForget(handle);
  }

  schedule(outlet: Outlet): void {
    this.#requested.add(outlet);
    if (this.#exiting) {
      if (!this.writing) outlet.drainNow();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      // `queueMicrotask` of Node takes several times as long.
      settled.then(this.#deliverNow);
    }
  }

  /** Looks again for records of Rust, without keeping the process alive. */
  returnLater(outlet: Outlet): void {
    if (!this.#exiting) setTimeout(() => outlet.request(), GATHER_MS).unref();
  }

  /** Delivers what was asked for, for a while at the most; the rest in a later turn. */
  deliver(): void {
    this.#scheduled = false;
    if (this.#requested.size === 0) return;
    const outlets = [...this.#requested];
    this.#requested.clear();
    for (const outlet of outlets) outlet.begin();
    const began = performance.now();
    if (began > this.#nextClock) this.#setClock(began);
    const until = began + SLICE_MS;
    for (;;) {
      let first: Outlet | undefined;
      let firstOrder = Infinity;
      let secondOrder = Infinity;
      for (const outlet of outlets) {
        const order = outlet.next;
        if (order < firstOrder) {
          secondOrder = firstOrder;
          firstOrder = order;
          first = outlet;
        } else if (order < secondOrder) {
          secondOrder = order;
        }
      }
      if (first === undefined) return;
      first.step(secondOrder);
      if (performance.now() > until) {
        this.#continueLater(outlets);
        return;
      }
    }
  }

  #continueLater(outlets: readonly Outlet[]): void {
    for (const outlet of outlets) if (outlet.next !== Infinity) this.#requested.add(outlet);
    if (this.#requested.size === 0 || this.#scheduled) return;
    this.#scheduled = true;
    afterTurn(() => this.deliver());
  }

  /** The clock that has microseconds follows the one of the system when that is set anew. */
  #setClock(now: number): void {
    this.#nextClock = now + CLOCK_EVERY_MS;
    const clock = Date.now() - now;
    if (Math.abs(clock - this.#clock) > CLOCK_DRIFT_MS) this.#clock = clock;
  }
}
