/** A call of this isolate that has not been answered. */

import type { AsyncResource } from "node:async_hooks";
import type { Expiring } from "../bridge/deadlines.js";
import type { CallPort } from "../bridge/ports.js";
import { addCallerStack, createError } from "../errors/errors.js";
import { type Followers, followSignal } from "../platform/follow-signal.js";
import type { StreamRef } from "../values/stream-ref.js";
import type { Call } from "./call.js";
import type { HandlerPort, WaitPort } from "./ports.js";

export class PendingCall implements CallPort, Expiring {
  deadline = Infinity;
  readonly promise: Promise<unknown>;
  readonly call: Call;
  /** The handler of this call, once it runs in this isolate. */
  context: HandlerPort | undefined;
  /** The caller's async context, for a handler that runs when Rust asks for it. */
  scope: AsyncResource | undefined;
  #host: WaitPort;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;
  #settled = false;
  #onAbandon: (() => void) | undefined;
  #followers: Followers | undefined;

  /** `context` is that of the handler, when it already runs. */
  constructor(host: WaitPort, call: Call, context?: HandlerPort, onAbandon?: () => void) {
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
    // The parent may have ended while the synchronous part of the handler ran.
    if (call.parent?.aborted) this.abandon(call.parent.signal.reason);
  }

  /** Connects the handler that runs: it has the call's deadline, and is aborted with the call. */
  connect(context: HandlerPort): void {
    this.context = context;
    context.pending = this;
  }

  get timeoutMs(): number {
    return this.call.timeoutMs;
  }

  #follow(signal: AbortSignal): void {
    if (signal.aborted) {
      this.abandon(signal.reason);
      return;
    }
    this.#followers = followSignal(signal, this);
  }

  resolve(value: unknown): void {
    if (!this.#settle()) return;
    this.call.observation?.end();
    this.#resolve(value);
  }

  /** The observation of the call ends when the stream does. */
  resolveStream(stream: StreamRef): void {
    const { streams } = this.#host;
    if (!this.#settle()) {
      streams.discard(stream, this.call);
      return;
    }
    try {
      this.#resolve(streams.read(stream, this.call));
    } catch (error) {
      this.call.observation?.fail(error);
      this.#reject(error);
    }
  }

  reject(error: unknown): void {
    if (!this.#settle()) return;
    this.call.observation?.fail(error);
    this.#reject(error);
  }

  /** Ends the wait: the caller gets `reason`, and so does the signal of the handler. */
  abandon(reason: unknown): void {
    if (!this.#settle()) return;
    this.#onAbandon?.();
    this.call.observation?.fail(reason);
    this.context?.abort(reason);
    this.#reject(reason);
  }

  expire(): void {
    const { path, timeoutMs, missing = "no answer" } = this.call;
    this.abandon(
      createError("ERR_RUNAR_TIMEOUT", `${path}: ${missing} within ${timeoutMs} ms`, {
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
    this.call.parent?.calls.delete(this);
    this.#host.callEnded(this);
    this.#followers?.delete(this);
    return true;
  }

  /** The outcome for the caller: the stack of a failure then names the caller too. */
  async outcome(): Promise<unknown> {
    try {
      return await this.promise;
    } catch (error) {
      if (error instanceof Error) addCallerStack(error, this.call.path);
      throw error;
    }
  }
}
