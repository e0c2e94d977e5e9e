/** Histograms of durations, in fixed buckets. */

/** The steps of a decade: 1, 2 and 5. */
const STEPS = [1, 2, 5];
const DECADES = 8;

/**
 * The upper ends of the buckets, in milliseconds: 0.001, 0.002, 0.005, 0.01, … 50,000. They reach from
 * the fastest call within a node to the longest timeouts, so no choice is needed.
 */
const BOUNDS_MS: readonly number[] = Object.freeze(
  Array.from({ length: DECADES * STEPS.length }, (_, index) =>
    // Written as decimals, which multiplying would miss by a little.
    Number(`${STEPS[index % STEPS.length]}e${Math.floor(index / STEPS.length) - 3}`),
  ),
);

/**
 * How long calls took, in milliseconds: a histogram. Plain data.
 *
 * @example
 * const { count, sumMs, maxMs } = row.durations;
 * console.log(`mean ${sumMs / count} ms, slowest ${maxMs} ms, p99 ${quantileMs(row.durations, 0.99)} ms`);
 */
export interface Durations {
  /** How many calls there are in all buckets. */
  readonly count: number;
  /** What they took together, in milliseconds. */
  readonly sumMs: number;
  /** What the slowest took, in milliseconds; 0 when there was none. */
  readonly maxMs: number;
  /**
   * The upper ends of the buckets, in milliseconds, each of them in its bucket: 1, 2 and 5 of every
   * decade from 0.001 to 50,000. The same for all.
   */
  readonly boundsMs: readonly number[];
  /** How many calls fell into each bucket; the last is for those beyond all bounds. */
  readonly counts: readonly number[];
}

/** Durations that are being counted. */
export class DurationCounts {
  #counts: number[] = new Array(BOUNDS_MS.length + 1).fill(0);
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  add(ms: number): void {
    this.#count++;
    this.#sumMs += ms;
    if (ms > this.#maxMs) this.#maxMs = ms;
    let low = 0;
    let high = BOUNDS_MS.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ms <= (BOUNDS_MS[middle] as number)) high = middle;
      else low = middle + 1;
    }
    (this.#counts[low] as number)++;
  }

  read(): Durations {
    return {
      count: this.#count,
      sumMs: this.#sumMs,
      maxMs: this.#maxMs,
      boundsMs: [...BOUNDS_MS],
      counts: [...this.#counts],
    };
  }
}

/**
 * What a share of the calls did not exceed, in milliseconds: estimated, as if durations were spread
 * evenly over their bucket, and never more than the slowest took. `NaN` when there was no call.
 *
 * @param quantile The share, from 0 to 1: 0.5 for the median, 0.99 for what 1 in 100 exceeded.
 * @example
 * const [row] = node.metrics().served;
 * if (row !== undefined) console.log(quantileMs(row.durations, 0.99));
 */
export function quantileMs(durations: Durations, quantile: number): number {
  const { count, counts, boundsMs, maxMs } = durations;
  if (count === 0) return Number.NaN;
  const wanted = Math.min(Math.max(quantile, 0), 1) * count;
  let below = 0;
  for (const [index, inBucket] of counts.entries()) {
    if (inBucket > 0 && below + inBucket >= wanted) {
      const from = boundsMs[index - 1] ?? 0;
      const to = Math.min(boundsMs[index] ?? maxMs, maxMs);
      return from + ((to - from) * (wanted - below)) / inBucket;
    }
    below += inBucket;
  }
  return maxMs;
}
