// The memory of a process over many repetitions, and whether it grows.
import { setImmediate } from "node:timers/promises";

const SAMPLES = 40;
/** The part of the samples, from the first on, that is warm-up. */
const WARM_UP = 1 / 4;

/** What the process holds when there is no garbage left. */
export async function settledMemory() {
  // What is finalised in one round may be what lets more go in the next.
  for (let round = 0; round < 3; round++) {
    globalThis.gc();
    await setImmediate();
  }
  return process.memoryUsage.rss();
}

/** Repeats, in chunks, and looks at the memory after each. */
export async function memoryCurve(repetitions, repeat) {
  const chunk = Math.ceil(repetitions / SAMPLES);
  const samples = [];
  for (let done = chunk; done <= chunk * SAMPLES; done += chunk) {
    await repeat(chunk);
    samples.push({ done, rss: await settledMemory() });
  }
  return samples;
}

/** Bytes by which one repetition makes the memory grow: least squares, after the warm-up. */
export function growth(samples) {
  const fitted = samples.slice(Math.floor(samples.length * WARM_UP));
  const mean = (pick) => fitted.reduce((sum, sample) => sum + pick(sample), 0) / fitted.length;
  const meanDone = mean(({ done }) => done);
  const meanRss = mean(({ rss }) => rss);
  const shared = mean(({ done, rss }) => (done - meanDone) * (rss - meanRss));
  return shared / mean(({ done }) => (done - meanDone) ** 2);
}
