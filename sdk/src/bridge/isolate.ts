/** This thread's connection to Rust: its calls and nodes, and the loop that exchanges messages. */

import { Delivery } from "../logging/delivery.js";
import type { LogPipeline } from "../logging/pipeline.js";
import { callNative, fromNative, native } from "../native/binding.js";
import { afterJob } from "../platform/clock.js";
import { afterTurn } from "../platform/event-loop.js";
import { Deadlines } from "./deadlines.js";
import { Handles } from "./handles.js";
import { Inbox } from "./inbox.js";
import { Keepalive } from "./keepalive.js";
import { Outbox } from "./outbox.js";
import type { Abortable, CallPort, NodePort } from "./ports.js";

/** The rounds of one exchange, before the event loop turns. */
const MAX_ROUNDS = 64;
/** The exchanges of a loop of awaited calls, before the event loop turns. */
const MAX_EXCHANGES_PER_TURN = 1024;

export class Isolate {
  readonly id: number;
  readonly deadlines = new Deadlines();
  readonly keepalive: Keepalive;
  readonly delivery: Delivery;
  readonly handles: Handles;
  readonly outbox: Outbox;
  readonly #inbox: Inbox;
  /** Weak, so that a local node which the program no longer uses can end. */
  readonly hosts = new Map<number, WeakRef<NodePort>>();
  /** Calls that Rust answers. */
  readonly calls = new Map<number, CallPort>();
  /** Cancelled calls, until Rust knows. */
  readonly #cancelled: number[] = [];
  /** Invocations that have not been answered. */
  readonly invocations = new Map<number, Abortable>();
  /** Nodes that must not be collected, with the number of their reasons. */
  readonly #heldOpen = new Map<NodePort, number>();
  readonly #abandoned = new FinalizationRegistry<number>((handle) => this.#drop(handle));
  #lastCall = 0;
  #scheduled = false;
  /** The turn of the event loop of the latest exchanges, and their number. */
  #turn = 0;
  #exchangesInTurn = 0;
  #exchanging = false;

  constructor() {
    this.id = callNative(() => native.isolateOpen(() => this.exchange()));
    this.handles = new Handles(this.id, (handle) => this.outbox.release(handle));
    this.outbox = new Outbox(this.handles, () => this.#schedule());
    this.#inbox = new Inbox(this.handles, {
      calls: this.calls,
      invocations: this.invocations,
      outbox: this.outbox,
      node: (handle) => this.hosts.get(handle)?.deref(),
      pipeline: (handle) => this.#pipeline(handle),
    });
    this.keepalive = new Keepalive({
      nextDeadline: () => this.deadlines.next(),
      tick: () => this.tick(),
    });
    this.delivery = new Delivery(this.id, () => this.#pipelines());
  }

  /** Ends the calls whose deadlines have passed. */
  tick(): void {
    // Answers that have arrived come before the deadlines that they met.
    this.exchange();
    this.deadlines.expire();
  }

  *#pipelines(): Iterable<LogPipeline> {
    for (const host of this.hosts.values()) {
      const pipeline = host.deref()?.pipeline;
      if (pipeline !== undefined) yield pipeline;
    }
  }

  #pipeline(handle: number): LogPipeline {
    if (handle === 0) return this.delivery.nodeless;
    return this.hosts.get(handle)?.deref()?.pipeline ?? this.delivery.orphan(handle);
  }

  /** Waits for a callback, until a timeout; the process stays alive meanwhile. */
  async waitAtMost(milliseconds: number, listen: (done: () => void) => void): Promise<void> {
    const { deadlines, keepalive } = this;
    keepalive.hold();
    await new Promise<void>((resolve) => {
      const timeout = { deadline: 0, expire: resolve };
      deadlines.add(timeout, milliseconds);
      listen(() => {
        deadlines.delete(timeout, milliseconds);
        resolve();
      });
    });
    keepalive.release();
  }

  addHost(host: NodePort): void {
    this.hosts.set(host.handle, new WeakRef(host));
    this.#abandoned.register(host, host.handle);
  }

  /** Keeps a node that has an open port, and the process, alive until it is released. */
  holdOpen(host: NodePort): void {
    this.#heldOpen.set(host, (this.#heldOpen.get(host) ?? 0) + 1);
    this.keepalive.hold();
  }

  releaseOpen(host: NodePort): void {
    const reasons = this.#heldOpen.get(host) ?? 0;
    if (reasons === 0) return;
    if (reasons === 1) this.#heldOpen.delete(host);
    else this.#heldOpen.set(host, reasons - 1);
    this.keepalive.release();
  }

  #drop(handle: number): void {
    this.hosts.delete(handle);
    callNative(() => native.nodeDrop(handle));
  }

  nextCall(): number {
    this.#lastCall = (this.#lastCall + 1) >>> 0 || 1;
    return this.#lastCall;
  }

  /**
   * Cancels a call: its answer is no longer wanted. An answer that is on its way may still arrive, and
   * may be a stream that must be ended, until Rust has the cancellation.
   */
  cancel(call: number): void {
    this.#cancelled.push(call);
    this.outbox.cancel(call);
  }

  /** Rust has the cancellations, and no answer of a cancelled call is on its way. */
  #forgetCancelled(): void {
    for (const call of this.#cancelled) this.calls.delete(call);
    this.#cancelled.length = 0;
  }

  #schedule(): void {
    if (this.#scheduled || this.#exchanging) return;
    this.#scheduled = true;
    const run = () => {
      if (this.#scheduled) this.exchange();
    };
    if (this.#mayStayInTurn()) afterJob(run);
    else afterTurn(run);
  }

  /** A loop of awaited calls must not starve the timers and sockets of the program. */
  #mayStayInTurn(): boolean {
    const { turn } = this.keepalive;
    if (turn !== this.#turn) {
      this.#turn = turn;
      this.#exchangesInTurn = 0;
    }
    return ++this.#exchangesInTurn <= MAX_EXCHANGES_PER_TURN;
  }

  /** Sends the messages that wait, and receives those of Rust, until neither side has more. */
  exchange(): void {
    if (this.#exchanging) return;
    this.#exchanging = true;
    this.#scheduled = false;
    try {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const more = this.#exchangeOnce();
        if (!more && this.outbox.isEmpty) {
          this.#forgetCancelled();
          return;
        }
      }
      afterTurn(() => this.exchange());
    } catch (error) {
      this.#failAll(fromNative(error));
    } finally {
      this.#exchanging = false;
    }
  }

  /**
   * Fails every call: an exchange itself has failed, which only a defect of the SDK can cause, and its
   * messages are lost.
   */
  #failAll(error: unknown): void {
    const calls = [...this.calls.values()];
    this.calls.clear();
    for (const call of calls) call.reject(error);
  }

  #exchangeOnce(): boolean {
    const { bytes, length } = this.outbox.take();
    const written = native.exchange(this.id, bytes, length, this.#inbox.bytes);
    if (written < 0) {
      this.#inbox.grow(-written);
      return true;
    }
    return this.#inbox.receive(written);
  }
}

let opened: Isolate | undefined;

/** This thread's isolate; the first use opens it. */
export function isolate(): Isolate {
  opened ??= new Isolate();
  return opened;
}
