/** What a node hosts, and the lanes by which calls reach it. */

import { type CallOptions, PendingCall } from "./call.js";
import { CallContext } from "./context.js";
import { asRunarError, createError, describeThrown, type RunarError } from "./errors.js";
import type { Isolate } from "./isolate.js";
import type { NodeLogs } from "./logging/logger.js";
import type { Node } from "./node.js";
import { checkKeys, checkMilliseconds, checkObject } from "./options.js";
import type { Action, Service } from "./service.js";

/** Where a node is in its life. */
export type NodeState = "created" | "starting" | "running" | "draining" | "stopped";

/** Where the answer to an invocation from Rust goes. */
export interface Answer {
  succeed(value: unknown): void;
  fail(error: RunarError): void;
  /** The answer will come later; until then the caller may give up. */
  later(context: CallContext): void;
}

const CALL_OPTIONS = ["timeoutMs", "signal"];
const REGISTRY_TRANSITION = /^\$registry\/services\/([^/]+)\/(pause|resume)$/;

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

export class Host {
  state: NodeState = "created";
  readonly services = new Map<string, Service>();
  /** The actions by their paths. */
  readonly actions = new Map<string, Action>();
  /** The actions by the numbers that Rust knows them by. */
  readonly actionsByNumber: Action[] = [];
  /** Calls that somebody waits for. */
  readonly waiting = new Set<PendingCall>();
  /** Handlers that have returned a promise which has not settled. */
  readonly running = new Set<CallContext>();
  /** Told when the last of both has ended. */
  onIdle: (() => void) | undefined;

  constructor(
    readonly isolate: Isolate,
    readonly handle: number,
    readonly node: Node,
    readonly logs: NodeLogs,
    readonly direct: boolean,
    readonly networked: boolean,
    readonly requestTimeoutMs: number,
  ) {}

  /** Calls an action, by the lane that fits. `parent` is the handler on whose behalf. */
  request(
    path: string,
    payload: unknown,
    options?: CallOptions,
    parent?: CallContext,
  ): Promise<unknown> {
    try {
      const action = this.actions.get(path);
      const refusal = this.#refusal(path, action?.service, parent);
      if (refusal !== undefined) return Promise.reject(refusal);
      const timeoutMs =
        options === undefined && parent === undefined
          ? this.requestTimeoutMs
          : this.#timeout(path, options, parent);
      if (options?.signal?.aborted) return Promise.reject(options.signal.reason);
      return action !== undefined && this.direct
        ? this.#callDirect(action, payload, timeoutMs, options?.signal, parent)
        : this.#callNative(path, action, payload, timeoutMs, options?.signal, parent);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #timeout(path: string, options: CallOptions | undefined, parent?: CallContext): number {
    let timeoutMs = this.requestTimeoutMs;
    if (options !== undefined) {
      checkObject(options, "options", "ERR_RUNAR_INVALID_ARGUMENT");
      checkKeys(options, CALL_OPTIONS, "options", "ERR_RUNAR_INVALID_ARGUMENT");
      timeoutMs = checkMilliseconds(options.timeoutMs, "options.timeoutMs") ?? timeoutMs;
    }
    if (parent === undefined) return timeoutMs;
    const left = Math.ceil(parent.remainingMs());
    if (left <= 0) {
      throw createError("ERR_RUNAR_TIMEOUT", `${path}: the caller has no time left`, {
        details: { path, timeoutMs: 0 },
      });
    }
    return Math.min(timeoutMs, left);
  }

  /** Why a call cannot be taken now; `undefined` when it can. */
  #refusal(path: string, service?: Service, parent?: CallContext): RunarError | undefined {
    const { state } = this;
    if (state === "running" && (service === undefined || service.running)) return undefined;
    if (state === "stopped" || (state === "draining" && parent === undefined)) {
      return createError("ERR_RUNAR_STOPPED", `${path}: the node is ${state}`, {
        details: { path },
      });
    }
    if (service?.running) return undefined;
    if (service !== undefined && state !== "created") {
      const what = service.paused ? "is paused" : "is not running";
      return createError("ERR_RUNAR_SERVICE_NOT_RUNNING", `${path}: the service ${what}`, {
        details: { path, service: service.path },
      });
    }
    if (state === "draining" || (state === "starting" && parent !== undefined)) return undefined;
    return createError("ERR_RUNAR_NOT_STARTED", `${path}: the node has not been started`, {
      details: { path },
    });
  }

  #callDirect(
    action: Action,
    payload: unknown,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    parent: CallContext | undefined,
  ): Promise<unknown> {
    const context = new CallContext(this, action, timeoutMs);
    const result = this.#run(action, payload, context);
    if (!isPromiseLike(result)) return Promise.resolve(result);
    return this.#follow(action, result, context, timeoutMs, signal, parent).outcome();
  }

  #follow(
    action: Action,
    result: PromiseLike<unknown>,
    context: CallContext,
    timeoutMs: number,
    signal?: AbortSignal,
    parent?: CallContext,
  ): PendingCall {
    const call = new PendingCall(this, action.path, timeoutMs, parent, signal);
    this.#connect(call, context);
    result.then(
      (value) => call.resolve(value),
      (error) => call.reject(error),
    );
    return call;
  }

  #connect(call: PendingCall, context: CallContext): void {
    call.context = context;
    context.call = call;
  }

  #callNative(
    path: string,
    action: Action | undefined,
    payload: unknown,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    parent: CallContext | undefined,
  ): Promise<unknown> {
    const { isolate } = this;
    const number = isolate.nextCall();
    if (action !== undefined) isolate.requestAction(number, this.handle, path, payload);
    else isolate.requestPath(number, this.handle, path, payload);
    const abandon = () => isolate.cancel(number);
    const call = new PendingCall(this, path, timeoutMs, parent, signal, abandon);
    isolate.calls.set(number, call);
    return path.startsWith("$registry/") ? this.#followTransition(path, call) : call.outcome();
  }

  /** A service that is paused through the registry refuses calls in every lane. */
  async #followTransition(path: string, call: PendingCall): Promise<unknown> {
    const outcome = await call.outcome();
    const [, servicePath = "", transition] = REGISTRY_TRANSITION.exec(path) ?? [];
    const service = this.services.get(servicePath);
    if (service !== undefined) service.paused = transition === "pause";
    return outcome;
  }

  /** Runs a handler. Throws, or returns a promise that rejects with, a RunarError only. */
  #run(action: Action, payload: unknown, context: CallContext): unknown {
    let result: unknown;
    try {
      result = action.run(payload, context);
      if (!isPromiseLike(result)) return result;
    } catch (thrown) {
      throw handlerError(action, thrown);
    }
    this.running.add(context);
    return Promise.resolve(result).then(
      (value) => {
        this.#finished(context);
        return value;
      },
      (thrown) => {
        this.#finished(context);
        throw handlerError(action, thrown);
      },
    );
  }

  /** Runs a handler that Rust asks for: for `caller`, or for somebody outside this isolate. */
  invoke(number: number, payload: unknown, caller: PendingCall | undefined, answer: Answer): void {
    const action = this.actionsByNumber[number] as Action;
    // A call of this isolate was let in when it was made.
    const refusal = caller === undefined ? this.#refusal(action.path, action.service) : undefined;
    if (refusal !== undefined) {
      answer.fail(refusal);
      return;
    }
    const timeoutMs = caller?.timeoutMs ?? this.requestTimeoutMs;
    const context = new CallContext(this, action, timeoutMs);
    if (caller !== undefined && caller.path === action.path) this.#connect(caller, context);
    try {
      const result = this.#run(action, payload, context);
      if (!isPromiseLike(result)) {
        answer.succeed(result);
        return;
      }
      answer.later(context);
      const settled =
        context.call === undefined
          ? this.#follow(action, result, context, timeoutMs).promise
          : result;
      settled.then(answer.succeed, answer.fail);
    } catch (error) {
      answer.fail(error as RunarError);
    }
  }

  #finished(context: CallContext): void {
    this.running.delete(context);
    this.#tellIdle();
  }

  ended(call: PendingCall): void {
    this.waiting.delete(call);
    this.#tellIdle();
  }

  get idle(): boolean {
    return this.running.size === 0 && this.waiting.size === 0;
  }

  #tellIdle(): void {
    if (this.onIdle !== undefined && this.idle) this.onIdle();
  }
}

/** A RunarError arrives as it is; anything else that a handler throws is the cause of one. */
function handlerError(action: Action, thrown: unknown): RunarError {
  const typed = asRunarError(thrown);
  if (typed !== undefined) return typed;
  return createError("ERR_RUNAR_ACTION", `${action.path}: ${describeThrown(thrown)}`, {
    cause: thrown,
    details: { path: action.path },
  });
}
