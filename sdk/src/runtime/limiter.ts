/** Whose turn it is: how many handlers of an action run at once, and how deep they call each other. */

import { AsyncResource } from "node:async_hooks";
import type { CallContext } from "../api/context.js";
import type { Action } from "../api/definition.js";
import { asRunarError, createError, describeThrown, type RunarError } from "../errors/errors.js";
import { runInCall } from "../logging/current.js";
import { isPromiseLike } from "../platform/promise-like.js";
import type { Host } from "./host.js";

/** How deep handlers may call each other in one stack; a call from further down gets a new one. */
const MAX_NESTING = 64;

/** How many handlers are in their synchronous part, one called by the other. */
let nesting = 0;

export class Turns {
  /** Handlers that have returned a promise which has not settled. */
  readonly running = new Set<CallContext>();
  #host: Pick<Host, "asyncContext" | "tellIdle">;

  constructor(host: Pick<Host, "asyncContext" | "tellIdle">) {
    this.#host = host;
  }

  /** Runs a handler when it is its turn. Throws, or rejects with, a RunarError only. */
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
      // Its turn comes when another call ends, whose async context it must not see.
      const turn = () => scope.runInAsyncScope(run);
      queue.add(turn);
      context.onAbort = (reason) => {
        if (queue.delete(turn)) reject(reason);
      };
    });
  }

  /** Runs a handler on a stack of its own, unless nobody waits for it any more by then. */
  async #runUnnested(action: Action, payload: unknown, context: CallContext): Promise<unknown> {
    await null;
    if (context.aborted) throw context.signal.reason;
    return this.run(action, payload, context);
  }

  #runNow(action: Action, payload: unknown, context: CallContext): unknown {
    let result: unknown;
    let isLater: boolean;
    // It has its place before it runs: in its synchronous part it may call itself.
    action.active++;
    nesting++;
    try {
      result = this.#host.asyncContext
        ? runInCall(context, () => action.run(payload, context))
        : action.run(payload, context);
      isLater = isPromiseLike(result);
    } catch (thrown) {
      this.#leave(action);
      throw handlerError(context.path, thrown);
    } finally {
      nesting--;
    }
    if (!isLater) {
      this.#leave(action);
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
    this.#leave(action);
    this.#host.tellIdle();
  }

  /** Gives the place of a handler that has ended to those that wait. */
  #leave(action: Action): void {
    action.active--;
    // Handlers that answer at once leave while the loop below runs them.
    if (action.queue.size === 0 || action.admitting) return;
    action.admitting = true;
    while (action.queue.size > 0 && action.active < action.concurrency) {
      const [turn] = action.queue as Set<() => void>;
      if (turn === undefined) break;
      action.queue.delete(turn);
      turn();
    }
    action.admitting = false;
  }
}

/** A RunarError arrives as it is; anything else that a handler throws is the cause of one. */
export function handlerError(path: string, thrown: unknown): RunarError {
  const typed = asRunarError(thrown);
  if (typed !== undefined) return typed;
  return createError("ERR_RUNAR_ACTION", `${path}: ${describeThrown(thrown)}`, {
    cause: thrown,
    details: { path },
  });
}
