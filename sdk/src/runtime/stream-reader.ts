/** The reader of a streamed result: what a loop of this isolate iterates over. */

import type { Stream } from "../api/stream.js";

/** Items that were read at once, and whether the stream has ended. */
export interface Batch {
  readonly items: unknown[];
  readonly done: boolean;
}

export class StreamReader implements Stream<unknown> {
  #items: unknown[] = [];
  #ended = false;
  #lastRead: Promise<unknown> = Promise.resolve();
  readonly #pull: () => Promise<Batch>;
  readonly #leave: () => void;

  constructor(pull: () => Promise<Batch>, leave: () => void) {
    this.#pull = pull;
    this.#leave = leave;
  }

  next(): Promise<IteratorResult<unknown>> {
    const next = this.#lastRead.then(() => this.#next());
    this.#lastRead = next.catch(() => undefined);
    return next;
  }

  async #next(): Promise<IteratorResult<unknown>> {
    while (this.#items.length === 0) {
      if (this.#ended) return { done: true, value: undefined };
      try {
        const { items, done } = await this.#pull();
        this.#items = items;
        this.#ended ||= done;
      } catch (error) {
        // The loop was left, so no code waits for the error.
        if (this.#ended) continue;
        this.#ended = true;
        throw error;
      }
    }
    return { done: false, value: this.#items.shift() };
  }

  async return(): Promise<IteratorResult<unknown>> {
    this.#items = [];
    if (!this.#ended) {
      this.#ended = true;
      this.#leave();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
