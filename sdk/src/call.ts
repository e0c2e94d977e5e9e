/** A call that somebody in this isolate waits for. */

import type { AsyncResource } from "node:async_hooks";
import type { CallContext } from "./context.js";
import type { Expiring } from "./deadlines.js";
import { addCallerStack, createError } from "./errors.js";
import { followSignal } from "./follow-signal.js";
import type { Host } from "./host.js";
import type { Observation } from "./observing/observation.js";
import { checkKeys, checkMilliseconds, checkObject, kindOf } from "./options.js";
import type { Caller } from "./remote.js";
import type { Action } from "./service.js";
import type { Match } from "./templates.js";
import type { StreamRef } from "./values/stream-ref.js";

/** Options of one call. */
export interface CallOptions {
  /**
   * Milliseconds until the call ends with a TimeoutError. By default the node's request timeout;
   * never longer than what is left to the call from whose handler this one is made.
   */
  timeoutMs?: number;
  /** Ends the call when it aborts; the call then rejects with the signal's reason. */
  signal?: AbortSignal;
  /**
   * What the log records that are written for this call have in common, and for those that its
   * handlers make: such as the id of the HTTP request behind it. By default each call from outside
   * of services has one of its own.
   */
  requestId?: string;
  /**
   * The W3C trace context of whoever calls, `00-<trace id>-<span id>-<flags>`; log records and the
   * calls of handlers carry it on.
   */
  traceparent?: string;
}

/** Options of a request, which has no types of its own to keep to. */
export interface RequestOptions extends CallOptions {
  /** `arc` gives the result as an `ArcValue`: as it is in Rust, decoded only where it is read. */
  as?: "arc";
}

const KEYS = ["timeoutMs", "signal", "as", "requestId", "traceparent"];
const TRACEPARENT = /^[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(-.*)?$/;

/** @throws InvalidArgumentError, naming the option. */
export function checkRequestOptions(options: RequestOptions): void {
  const code = "ERR_RUNAR_INVALID_ARGUMENT";
  checkObject(options, "options", code);
  checkKeys(options, KEYS, "options", code);
  checkMilliseconds(options.timeoutMs, "options.timeoutMs");
  const { signal, as, requestId, traceparent } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    throw createError(code, `options.signal: expected an AbortSignal, got ${kindOf(signal)}`, {
      details: { path: "options.signal" },
    });
  }
  if (as !== undefined && as !== "arc") {
    throw createError(code, `options.as: expected "arc" or nothing, got ${JSON.stringify(as)}`, {
      details: { path: "options.as" },
    });
  }
  if (requestId !== undefined && typeof requestId !== "string") {
    throw createError(code, `options.requestId: expected a string, got ${kindOf(requestId)}`, {
      details: { path: "options.requestId" },
    });
  }
  if (traceparent === undefined) return;
  if (typeof traceparent === "string" && TRACEPARENT.test(traceparent)) return;
  throw createError(
    code,
    `options.traceparent: expected 00-<trace id>-<span id>-<flags>, got ${JSON.stringify(traceparent)}`,
    { details: { path: "options.traceparent" } },
  );
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
  /** The node that calls, when it is another. */
  readonly peer?: Caller | undefined;
  /** The call of this isolate that led to this one through Rust. */
  readonly cause?: Call | undefined;
  /** As it was given or, once a log record has needed it, made. */
  requestId?: string | undefined;
  readonly traceparent?: string | undefined;
  /** What has not happened when the time is over; by default it was not answered. */
  readonly missing?: string;
  /** Told how the call ends, when it goes to others and somebody wants to know. */
  observation?: Observation | undefined;
  /** Whether it is a step of a start or stop, which is no work that a drain would wait for. */
  readonly isStep?: boolean;
}

let lastRequest = 0;
/** Tells the requests of one process from those of others. */
const REQUEST_PREFIX = Math.random().toString(36).slice(2, 8).padEnd(6, "0");

/** The id that a call shares with those that led to it. Made when somebody asks for it. */
export function requestIdOf(call: Pick<Call, "parent" | "cause" | "requestId">): string {
  call.requestId ??=
    call.parent?.requestId ??
    (call.cause === undefined
      ? `${REQUEST_PREFIX}-${(++lastRequest).toString(36)}`
      : requestIdOf(call.cause));
  return call.requestId;
}

/** The trace context of a call, its own or that of those that led to it. */
export function traceparentOf(
  call: Pick<Call, "parent" | "cause" | "traceparent" | "observation">,
): string | undefined {
  return (
    call.observation?.traceparent ??
    call.traceparent ??
    call.parent?.traceparent ??
    (call.cause === undefined ? undefined : traceparentOf(call.cause))
  );
}

export class PendingCall implements Expiring {
  deadline = Infinity;
  readonly promise: Promise<unknown>;
  readonly call: Call;
  /** The handler that works for this call, once it runs in this isolate. */
  context: CallContext | undefined;
  /** The caller's async context, for a handler that runs when Rust asks for it. */
  scope: AsyncResource | undefined;
  #host: Host;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;
  #settled = false;
  #onAbandon: (() => void) | undefined;
  #unfollow: (() => void) | undefined;

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
    this.#unfollow = followSignal(signal, () => this.abandon(signal.reason));
  }

  resolve(value: unknown): void {
    if (!this.#settle()) return;
    this.call.observation?.end();
    this.#resolve(value);
  }

  /** The answer is a stream. */
  read(stream: StreamRef): void {
    try {
      this.resolve(this.#host.streams.read(stream, this.call));
    } catch (error) {
      this.reject(error);
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
    this.#host.ended(this);
    this.#unfollow?.();
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
