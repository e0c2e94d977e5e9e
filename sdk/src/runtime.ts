/** What is known of the runtime that the SDK runs on. */

/** `[major, minor, patch]` of Bun, or `undefined` on anything else. */
const bun = process.versions.bun?.split(/[.-]/).slice(0, 3).map(Number);

function bunIsWithin(from: readonly number[], before: readonly number[]): boolean {
  return bun !== undefined && compare(bun, from) >= 0 && compare(bun, before) < 0;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let part = 0; part < 3; part++) {
    const difference = (a[part] ?? 0) - (b[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Bun loses calls of threadsafe functions now and then under load: seen from 1.1.40 to 1.3.14,
 * never on 1.1.34 and 1.4.5. The function recovers once the queue behind it is drained.
 */
export const losesWakeUps = bunIsWithin([1, 1, 35], [1, 4, 5]);
