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
