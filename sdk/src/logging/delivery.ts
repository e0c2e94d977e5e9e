/**
 * Brings records to the sinks of their nodes. JavaScript's own records wait until the end of the
 * current turn, so that what Rust has pending by then goes first.
 */

import { afterTurn } from "../runtime.js";
import { consoleSink } from "./console-sink.js";
import type { LogRecord } from "./record.js";
import { ContainedSink } from "./sinks.js";

/** A record on its way: `seq` is given at delivery. */
export type Undelivered = Omit<LogRecord, "seq">;

export class Delivery {
  #collectFromRust: () => void;
  #pending: { record: Undelivered; sink: ContainedSink }[] = [];
  #scheduled = false;
  #seq = 0;
  #flushing = false;
  #exiting = false;
  /** For records of the core that name no node. */
  readonly fallback = new ContainedSink(consoleSink());

  constructor(collectFromRust: () => void) {
    this.#collectFromRust = collectFromRust;
    // What is pending when the process ends by itself, or is made to, is still delivered.
    process.once("exit", () => {
      this.#exiting = true;
      this.flush();
    });
  }

  /** A record that JavaScript wrote. */
  add(record: Undelivered, sink: ContainedSink): void {
    this.#pending.push({ record, sink });
    if (this.#exiting && !this.#flushing) this.flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    // A sink that logs must not keep the event loop from turning.
    if (this.#flushing) afterTurn(() => this.flush());
    else queueMicrotask(() => this.flush());
  }

  /** A record that Rust wrote: it is delivered at once. */
  deliver(record: Undelivered, sink: ContainedSink): void {
    sink.write([{ ...record, seq: ++this.#seq }]);
  }

  flush(): void {
    this.#collectFromRust();
    this.#scheduled = false;
    const pending = this.#pending;
    this.#pending = [];
    for (let start = 0; start < pending.length; ) {
      const { sink } = pending[start] as { sink: ContainedSink };
      const batch: LogRecord[] = [];
      for (; start < pending.length && pending[start]?.sink === sink; start++) {
        const { record } = pending[start] as { record: Undelivered };
        batch.push({ ...record, seq: ++this.#seq });
      }
      this.#flushing = true;
      sink.write(batch);
      this.#flushing = false;
    }
  }
}
