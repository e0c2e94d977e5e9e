/** The listeners of abort signals: one for each signal, which all its calls share. */

type Callback = (reason: unknown) => void;

/** What waits for a signal, and its listener. */
class Waiting {
  readonly callbacks = new Set<Callback>();
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#listener);
  }

  readonly #listener = () => {
    const { reason } = this.#signal;
    for (const callback of this.callbacks) callback(reason);
  };

  delete(callback: Callback): void {
    if (!this.callbacks.delete(callback) || this.callbacks.size > 0) return;
    this.#signal.removeEventListener("abort", this.#listener);
    waiting.delete(this.#signal);
  }
}

const waiting = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls back when a signal fires that has not fired yet. A listener for each call would make Node 18
 * and 20 warn of a leak from the eleventh call on.
 */
export function addAbortCallback(signal: AbortSignal, callback: Callback): void {
  let shared = waiting.get(signal);
  if (shared === undefined) {
    shared = new Waiting(signal);
    waiting.set(signal, shared);
  }
  shared.callbacks.add(callback);
}

/** Takes back what `addAbortCallback` added. The last one removes the listener. */
export function removeAbortCallback(signal: AbortSignal, callback: Callback): void {
  waiting.get(signal)?.delete(callback);
}
