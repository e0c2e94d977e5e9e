/** What ends when a signal fires: one listener for each signal, however many calls follow it. */

/** Something that ends when a signal fires. */
export interface Follower {
  abandon(reason: unknown): void;
}

/** The followers of one signal. It stays with the signal, and listens while there are any. */
export class Followers {
  readonly #signal: AbortSignal;
  readonly #followers = new Set<Follower>();
  readonly #listener = () => {
    for (const follower of this.#followers) follower.abandon(this.#signal.reason);
  };

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(follower: Follower): void {
    if (this.#followers.size === 0) {
      this.#signal.addEventListener("abort", this.#listener, { once: true });
    }
    this.#followers.add(follower);
  }

  /** The follower has ended by itself. */
  delete(follower: Follower): void {
    // A signal with a listener is kept by those that it depends on.
    if (this.#followers.delete(follower) && this.#followers.size === 0) {
      this.#signal.removeEventListener("abort", this.#listener);
    }
  }
}

const followersOf = new WeakMap<AbortSignal, Followers>();

/**
 * Has something end when a signal fires. Node up to 20 warns of a leak from the eleventh listener of a
 * signal on, which a signal for a hundred calls is not.
 *
 * @returns where the follower is to be deleted when it ends by itself.
 */
export function followSignal(signal: AbortSignal, follower: Follower): Followers {
  let followers = followersOf.get(signal);
  if (followers === undefined) {
    followers = new Followers(signal);
    followersOf.set(signal, followers);
  }
  followers.add(follower);
  return followers;
}
