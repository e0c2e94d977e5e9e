/** The outcome of a write that may end while the event loop stands still. */

/**
 * Calls back when a write has ended: at once by a settlement, and as `await` does by anything else, whose
 * `then` may return nothing, throw, or call back at once.
 */
export function whenSettled(
  result: PromiseLike<unknown>,
  onFulfilled: () => void,
  onRejected: (error: unknown) => void,
): void {
  const followed = result instanceof Settlement ? result : Promise.resolve(result);
  followed.then(onFulfilled, onRejected);
}

/**
 * A promise that calls back at the moment it is settled. Where a process ends there is no later
 * moment: a plain promise would leave records that were written counted as pending.
 */
export class Settlement implements PromiseLike<undefined> {
  #outcome: { failure?: unknown } | undefined;
  #listeners: ((outcome: { failure?: unknown }) => void)[] = [];

  /** Settles it, once. Without a failure it is fulfilled. */
  settle(outcome: { failure?: unknown } = {}): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener(outcome);
  }

  // biome-ignore lint/suspicious/noThenProperty: what waits for a write awaits it
  then<Fulfilled = undefined, Rejected = never>(
    onFulfilled?: ((value: undefined) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return new Promise((resolve, reject) => {
      const listener = (outcome: { failure?: unknown }) => {
        try {
          if (!("failure" in outcome)) resolve(onFulfilled?.(undefined) as Fulfilled);
          else if (onRejected) resolve(onRejected(outcome.failure));
          else reject(outcome.failure);
        } catch (error) {
          reject(error);
        }
      };
      if (this.#outcome === undefined) this.#listeners.push(listener);
      else listener(this.#outcome);
    });
  }
}
