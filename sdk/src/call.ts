/** A call that somebody in this isolate waits for. */

import type { CallContext } from "./context.js";
import type { Expiring } from "./deadlines.js";
import { addCallerStack, createError } from "./errors.js";
import type { Host } from "./host.js";

/** Options of one call. */
export interface CallOptions {
  /**
   * Milliseconds until the call ends with a TimeoutError. By default the node's request timeout;
   * never longer than what is left to the call from whose handler this one is made.
   */
  timeoutMs?: number;
  /** Ends the call when it aborts; the call then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export class PendingCall implements Expiring {
  deadline = Infinity;
  readonly promise: Promise<unknown>;
  readonly path: string;
  readonly timeoutMs: number;
  /** The handler that works for this call, once it runs in this isolate. */
  context: CallContext | undefined;
  /** The handler or hook on whose behalf the call was made. */
  readonly parent: CallContext | undefined;
  #host: Host;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;
  #settled = false;
  #onAbandon: (() => void) | undefined;
  #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;

  constructor(
    host: Host,
    path: string,
    timeoutMs: number,
    parent?: CallContext,
    signal?: AbortSignal,
    onAbandon?: () => void,
  ) {
    this.#host = host;
    this.path = path;
    this.timeoutMs = timeoutMs;
    this.parent = parent;
    this.#onAbandon = onAbandon;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { isolate, waiting } = host;
    waiting.add(this);
    isolate.keepalive.hold();
    isolate.deadlines.add(this, timeoutMs);
    parent?.calls.add(this);
    if (signal !== undefined) this.#follow(signal);
  }

  #follow(signal: AbortSignal): void {
    this.#signal = signal;
    this.#onAbort = () => this.abandon(signal.reason);
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  resolve(value: unknown): void {
    if (this.#settle()) this.#resolve(value);
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  /** Ends the wait: the caller gets `reason`, and so does the signal of the handler. */
  abandon(reason: unknown): void {
    if (!this.#settle()) return;
    this.#onAbandon?.();
    this.context?.abort(reason);
    this.#reject(reason);
  }

  expire(): void {
    this.abandon(
      createError("ERR_RUNAR_TIMEOUT", `${this.path}: no answer within ${this.timeoutMs} ms`, {
        details: { path: this.path, timeoutMs: this.timeoutMs },
      }),
    );
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    const { isolate } = this.#host;
    isolate.deadlines.delete(this, this.timeoutMs);
    isolate.keepalive.release();
    this.parent?.calls.delete(this);
    this.#host.ended(this);
    if (this.#onAbort) this.#signal?.removeEventListener("abort", this.#onAbort);
    return true;
  }

  /** What the caller gets: a failure then names who waited for it. */
  async outcome(): Promise<unknown> {
    try {
      return await this.promise;
    } catch (error) {
      if (error instanceof Error) addCallerStack(error, this.path);
      throw error;
    }
  }
}
