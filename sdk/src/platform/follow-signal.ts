/** What ends when a signal fires: one listener for each signal, however many calls follow it. */

interface Followers {
  readonly ends: Set<() => void>;
  readonly listener: () => void;
}

const followersOf = new WeakMap<AbortSignal, Followers>();

/**
 * Calls back when a signal fires. Node up to 20 warns of a leak from the eleventh listener of a signal
 * on, which a signal for a hundred calls is not.
 *
 * @returns what ends it.
 */
export function followSignal(signal: AbortSignal, end: () => void): () => void {
  let followers = followersOf.get(signal);
  if (followers === undefined) {
    const ends = new Set<() => void>();
    const listener = () => {
      followersOf.delete(signal);
      for (const one of ends) one();
    };
    followers = { ends, listener };
    followersOf.set(signal, followers);
    signal.addEventListener("abort", listener, { once: true });
  }
  const { ends, listener } = followers;
  ends.add(end);
  return () => {
    ends.delete(end);
    if (ends.size > 0 || followersOf.get(signal)?.ends !== ends) return;
    followersOf.delete(signal);
    signal.removeEventListener("abort", listener);
  };
}
