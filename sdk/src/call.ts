/** A call that somebody in this isolate waits for. */

import type { CallContext } from "./context.js";
import type { Expiring } from "./deadlines.js";
import { addCallerStack, createError } from "./errors.js";
import type { Host } from "./host.js";
import type { Action } from "./service.js";
import type { Match } from "./templates.js";

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

/** What a call is about. */
export interface Call {
  readonly path: string;
  /** The action of this node that it reaches; `undefined` when another has it. */
  readonly action?: Action | undefined;
  readonly match?: Match | undefined;
  readonly timeoutMs: number;
  /** Whether the payload is the arguments of a typed client. */
  readonly positional?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** The handler or hook on whose behalf the call is made. */
  readonly parent?: CallContext | undefined;
  /** Whether it is a step of a start or stop, which is no work that a drain would wait for. */
  readonly isStep?: boolean;
}

export class PendingCall implements Expiring {
  deadline = Infinity;
  readonly promise: Promise<unknown>;
  readonly call: Call;
  /** The handler that works for this call, once it runs in this isolate. */
  context: CallContext | undefined;
  #host: Host;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;
  #settled = false;
  #onAbandon: (() => void) | undefined;
  #onAbort: (() => void) | undefined;

  /** `context` is that of the handler, when it runs already. */
  constructor(host: Host, call: Call, context?: CallContext, onAbandon?: () => void) {
    this.#host = host;
    this.call = call;
    this.#onAbandon = onAbandon;
    if (context !== undefined) this.connect(context);
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { isolate, waiting } = host;
    if (!call.isStep) waiting.add(this);
    isolate.keepalive.hold();
    isolate.deadlines.add(this, call.timeoutMs);
    call.parent?.calls.add(this);
    if (call.signal !== undefined) this.#follow(call.signal);
    // It may have ended while the synchronous part of the handler ran.
    if (call.parent?.aborted) this.abandon(call.parent.signal.reason);
  }

  /** The handler runs: it learns from the call how long it has, and when nobody waits any more. */
  connect(context: CallContext): void {
    this.context = context;
    context.call = this;
  }

  get timeoutMs(): number {
    return this.call.timeoutMs;
  }

  #follow(signal: AbortSignal): void {
    if (signal.aborted) {
      this.abandon(signal.reason);
      return;
    }
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
    const { path, timeoutMs } = this.call;
    this.abandon(
      createError("ERR_RUNAR_TIMEOUT", `${path}: no answer within ${timeoutMs} ms`, {
        details: { path, timeoutMs },
      }),
    );
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    const { isolate } = this.#host;
    isolate.deadlines.delete(this, this.timeoutMs);
    isolate.keepalive.release();
    const { parent, signal } = this.call;
    parent?.calls.delete(this);
    this.#host.ended(this);
    if (this.#onAbort) signal?.removeEventListener("abort", this.#onAbort);
    return true;
  }

  /** What the caller gets: a failure then names who waited for it. */
  async outcome(): Promise<unknown> {
    try {
      return await this.promise;
    } catch (error) {
      if (error instanceof Error) addCallerStack(error, this.call.path);
      throw error;
    }
  }
}
