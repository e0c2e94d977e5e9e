/**
 * The time and the timers of the platform, by which deadlines go. A test runner that replaces the global
 * ones with fakes, before or after this module is loaded, does not reach these.
 */

import { performance } from "node:perf_hooks";

export { clearTimeout, setImmediate, setTimeout } from "node:timers";

const SystemDate = Date;
const { timeOrigin } = performance;
const readPerformance = performance.now;

let stoppedAt: number | undefined;

/** Milliseconds since the process, or the thread, began. */
export function monotonicNow(): number {
  return readPerformance.call(performance);
}

/** In the same time: the time of deadlines, which a test may stop. */
export function now(): number {
  return stoppedAt ?? readPerformance.call(performance);
}

/** Stops the clock at a time, or lets it go again. */
export function stopClock(at: number | undefined): void {
  stoppedAt = at;
}

/** A time of this clock in milliseconds since 1970. */
export function sinceEpoch(time: number): number {
  return timeOrigin + time;
}

/** The time of the system in milliseconds since 1970. */
export function systemNow(): number {
  return SystemDate.now();
}

const settled = Promise.resolve();

/**
 * Calls back at the end of the current job. `queueMicrotask` can be replaced, and that of Node takes
 * several times as long.
 */
export function afterJob(callback: () => void): void {
  settled.then(callback);
}
