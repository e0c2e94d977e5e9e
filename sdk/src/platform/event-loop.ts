/** The event loop of the runtime, with the defects of its versions. */

import { setImmediate, setTimeout } from "./clock.js";

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
export const losesWakeups = bunIsWithin([1, 1, 35], [1, 4, 5]);

/**
 * Calls back once the event loop has turned. In Bun before 1.0.8 an immediate, or a timer without
 * delay, that asks for the next one gets it in the same turn; other timers, sockets and workers wait
 * for as long as that goes on.
 */
export const afterTurn: (callback: () => void) => void = bunIsWithin([0, 0, 0], [1, 0, 8])
  ? (callback) => void setTimeout(callback, 1)
  : (callback) => void setImmediate(callback);
