/** The reader of a streamed result: what a loop of this isolate iterates over. */

import type { Stream } from "../api/stream.js";
import { type Followers, followSignal } from "../platform/follow-signal.js";
import type { Abandonable, Call } from "./call.js";

/** Items that were read at once, and whether the stream has ended. */
export interface Batch {
  readonly items: unknown[];
  readonly done: boolean;
}

export class StreamReader implements Stream<unknown>, Abandonable {
  #items: unknown[] = [];
  #ended = false;
  /** What the next read rejects with: the call was given up. */
  #failure: { reason: unknown } | undefined;
  #lastRead: Promise<unknown> = Promise.resolve();
  readonly #call: Call;
  readonly #pull: () => Promise<Batch>;
  readonly #leave: (reason?: unknown) => void;
  #followers: Followers | undefined;

  /** `leave` closes the source; it gets the reason for which the call was given up, if it was. */
  constructor(call: Call, pull: () => Promise<Batch>, leave: (reason?: unknown) => void) {
    this.#call = call;
    this.#pull = pull;
    this.#leave = leave;
    const { parent, signal } = call;
    if (parent?.aborted) this.abandon(parent.signal.reason);
    else if (signal?.aborted) this.abandon(signal.reason);
    else {
      parent?.calls.add(this);
      if (signal !== undefined) {
        this.#followers = followSignal(signal, this);
      }
    }
  }

  next(): Promise<IteratorResult<unknown>> {
    const next = this.#lastRead.then(() => this.#next());
    this.#lastRead = next.catch(() => undefined);
    return next;
  }

  async #next(): Promise<IteratorResult<unknown>> {
    while (this.#items.length === 0) {
      if (this.#ended) {
        const failure = this.#failure;
        this.#failure = undefined;
        if (failure !== undefined) throw failure.reason;
        return { done: true, value: undefined };
      }
      try {
        const { items, done } = await this.#pull();
        if (this.#ended) continue;
        this.#items = items;
        if (done) this.#end();
      } catch (error) {
        // The loop was left, so no code waits for the error; or the call was given up.
        if (this.#ended) continue;
        this.#end(error);
        throw error;
      }
    }
    return { done: false, value: this.#items.shift() };
  }

  async return(): Promise<IteratorResult<unknown>> {
    this.#items = [];
    this.#failure = undefined;
    if (!this.#ended) {
      this.#end();
      this.#leave();
    }
    return { done: true, value: undefined };
  }

  /** The caller gave up its call: the stream ends at once. */
  abandon(reason: unknown): void {
    if (this.#ended) return;
    this.#items = [];
    this.#failure = { reason };
    this.#end(reason);
    this.#leave(reason);
  }

  #end(...failure: [error?: unknown]): void {
    this.#ended = true;
    const { parent, observation } = this.#call;
    parent?.calls.delete(this);
    this.#followers?.delete(this);
    if (failure.length > 0) observation?.fail(failure[0]);
    else observation?.end();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
