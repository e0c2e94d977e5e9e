// Rounds of measurements, and what is made of them.
export const ROUNDS = 5;

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measures every contestant once a round, in turns, so that noise hits all alike. Returns the
 * values of each contestant.
 */
export async function interleaved(contestants) {
  const values = contestants.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, contestant] of contestants.entries()) {
      // Nobody pays for the garbage of the one before.
      globalThis.gc();
      values[index].push(await contestant.measure());
    }
  }
  return values;
}

export function figure(name, rounds) {
  return { name, median: median(rounds), rounds };
}

/** Puts two figures together, round by round: what hits both in a round does not show. */
export function together(name, one, other, combine) {
  return figure(
    name,
    one.rounds.map((value, round) => combine(value, other.rounds[round])),
  );
}

/** How many times as much one figure is as another. */
export function ratio(name, one, other) {
  return together(name, one, other, (value, unit) => value / unit);
}
