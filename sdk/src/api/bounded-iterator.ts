/** An iterator with a bounded buffer. */

import { checkCount, checkOptions, checkWord } from "../validation/validator.js";

/** The options of an iteration. */
export interface IterateOptions {
  /** The size of the buffer: 1024 by default. */
  limit?: number;
  /** What a full buffer drops: the oldest value (the default), or the newest. */
  overflow?: "drop-oldest" | "drop-newest";
}

/** The keys of `IterateOptions`. */
export const ITERATE_OPTIONS = ["limit", "overflow"];

/** @throws InvalidArgumentError for unknown keys or invalid values. */
export function checkIterateOptions(options: IterateOptions, known = ITERATE_OPTIONS): void {
  checkOptions(options, known);
  const { limit, overflow } = options;
  checkCount(limit, 1, "options.limit");
  checkWord(overflow, ["drop-oldest", "drop-newest"], "options.overflow");
}

/** Values to be read in a loop. */
export class BoundedIterator<Value> implements AsyncIterableIterator<Value> {
  /** The number of values that were dropped because the buffer was full. */
  dropped = 0;
  #waiting: Value[] = [];
  #readers: ((result: IteratorResult<Value, undefined>) => void)[] = [];
  #ended = false;
  #end: () => void;

  /**
   * `listen` is given what takes values and what ends the loop; what it returns is called once when
   * the loop has ended.
   */
  constructor(
    options: IterateOptions,
    listen: (push: (value: Value) => void, end: () => void) => () => void,
  ) {
    const { limit = 1024, overflow } = options;
    const push = (value: Value) => {
      const reader = this.#readers.shift();
      if (reader !== undefined) {
        reader({ done: false, value });
        return;
      }
      this.#waiting.push(value);
      if (this.#waiting.length <= limit) return;
      this.dropped++;
      if (overflow === "drop-newest") this.#waiting.pop();
      else this.#waiting.shift();
    };
    this.#end = () => {
      if (this.#ended) return;
      this.#ended = true;
      stop();
      for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined });
    };
    const stop = listen(push, this.#end);
  }

  /** The next value, as soon as there is one. */
  next(): Promise<IteratorResult<Value, undefined>> {
    const [value] = this.#waiting;
    if (this.#waiting.length > 0) {
      this.#waiting.shift();
      return Promise.resolve({ done: false, value: value as Value });
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  /** Ends the iteration, as leaving the loop does. */
  return(): Promise<IteratorResult<Value, undefined>> {
    this.#waiting = [];
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Itself: `for await` reads it. */
  [Symbol.asyncIterator](): this {
    return this;
  }
}
