/** The limits of running handlers: how many of an action run at once, and how deep they nest. */

import { AsyncResource } from "node:async_hooks";
import { createError } from "../errors/errors.js";
import { runInCall } from "../logging/current.js";
import { isPromiseLike } from "../platform/promise-like.js";
import type { CallContext } from "./call-context.js";
import { handlerError } from "./handler-error.js";
import type { LimiterPort } from "./ports.js";
import type { Action } from "./service.js";

/** Handlers that call each other in one stack; a deeper call gets a new stack. */
const MAX_NESTING = 64;

/** The handlers in their synchronous part, each called by the one before. */
let nesting = 0;

export class ConcurrencyLimiter {
  /** Handlers that have returned a promise which has not settled. */
  readonly running = new Set<CallContext>();
  #host: LimiterPort;

  constructor(host: LimiterPort) {
    this.#host = host;
  }

  /** Runs a handler as soon as its action has capacity. Throws, or rejects with, a RunarError only. */
  run(action: Action, payload: unknown, context: CallContext): unknown {
    if (nesting >= MAX_NESTING) return this.#runUnnested(action, payload, context);
    if (action.active < action.concurrency) return this.#runNow(action, payload, context);
    const { queue, queueLimit, path } = action;
    if (queue.size >= queueLimit) {
      throw createError(
        "ERR_RUNAR_OVERLOAD",
        `${path}: ${action.concurrency} calls are running and ${queueLimit} are waiting`,
        { details: { path, concurrency: action.concurrency, queue: queueLimit } },
      );
    }
    const scope = new AsyncResource("RunarCall");
    return new Promise((resolve, reject) => {
      const run = () => {
        try {
          resolve(this.#runNow(action, payload, context));
        } catch (error) {
          reject(error);
        }
      };
      // Another call that ends admits it, whose async context it must not see.
      const admit = () => scope.runInAsyncScope(run);
      queue.add(admit);
      context.onAbort = (reason) => {
        if (queue.delete(admit)) reject(reason);
      };
    });
  }

  /** Runs a handler on a stack of its own, unless its call has ended by then. */
  async #runUnnested(action: Action, payload: unknown, context: CallContext): Promise<unknown> {
    await null;
    if (context.aborted) throw context.signal.reason;
    return this.run(action, payload, context);
  }

  #runNow(action: Action, payload: unknown, context: CallContext): unknown {
    let result: unknown;
    let isLater: boolean;
    // Counted before it runs: in its synchronous part it may call itself.
    action.active++;
    nesting++;
    try {
      result = this.#host.asyncContext
        ? runInCall(context, () => action.run(payload, context))
        : action.run(payload, context);
      isLater = isPromiseLike(result);
    } catch (thrown) {
      this.#release(action);
      throw handlerError(context.path, thrown);
    } finally {
      nesting--;
    }
    if (!isLater) {
      this.#release(action);
      return result;
    }
    this.running.add(context);
    return Promise.resolve(result).then(
      (value) => {
        this.#ended(action, context);
        return value;
      },
      (thrown) => {
        this.#ended(action, context);
        throw handlerError(context.path, thrown);
      },
    );
  }

  #ended(action: Action, context: CallContext): void {
    this.running.delete(context);
    this.#release(action);
    this.#host.workEnded();
  }

  /** Frees the capacity of a handler that has ended, and admits calls that wait. */
  #release(action: Action): void {
    action.active--;
    // Handlers that answer at once release their capacity while the loop below runs them.
    if (action.queue.size === 0 || action.admitting) return;
    action.admitting = true;
    while (action.queue.size > 0 && action.active < action.concurrency) {
      const [admit] = action.queue as Set<() => void>;
      if (admit === undefined) break;
      action.queue.delete(admit);
      admit();
    }
    action.admitting = false;
  }
}
