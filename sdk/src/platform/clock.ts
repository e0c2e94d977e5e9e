/** The clock of deadlines, and its timers. */

/** Those of the platform: a test runner may replace the global ones with fakes that stand still. */
export const { clearTimeout, setImmediate, setTimeout } = globalThis;
const { performance } = globalThis;

let stoppedAt: number | undefined;

/** In the time of `performance.now()`: that time itself, unless a test has stopped the clock. */
export function now(): number {
  return stoppedAt ?? performance.now();
}

/** Stops the clock at a time, or lets it go again. */
export function stopClock(at: number | undefined): void {
  stoppedAt = at;
}
