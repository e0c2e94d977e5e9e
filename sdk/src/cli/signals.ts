/** The user's wish to end. */

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** A signal that fires when the process is asked to end. A second wish ends it at once. */
export function endSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of SIGNALS) process.once(signal, () => controller.abort(signal));
  return controller.signal;
}

/** Settles when the signal fires. Until then the process goes on, whatever else it has to do. */
export function fired(signal: AbortSignal): Promise<void> {
  const LONGEST_TIMER_MS = 2 ** 31 - 1;
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const hold = setInterval(() => {}, LONGEST_TIMER_MS);
    const end = () => {
      clearInterval(hold);
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
  });
}
