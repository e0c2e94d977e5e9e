// The order of steps: several side by side, each once what it needs has passed.

/**
 * Runs steps to the end, or until what they need has failed.
 *
 * @param steps `{ name, needs, alone }` in the order in which they are to begin; `alone` are the names of what
 *   a step must have for itself, such as a folder that it writes
 * @param slots how many steps run at a time
 * @param run runs a step and returns whether it passed
 * @param onSkip gets each step that cannot run, and the step that it needs
 * @returns the names of the steps that `passed`, `failed` and were `skipped`
 */
export async function schedule(steps, { slots, run, onSkip = () => undefined }) {
  const outcome = { passed: [], failed: [], skipped: [] };
  const waiting = [...steps];
  const running = new Map();

  const skipWhatCannotRun = () => {
    const lost = new Set([...outcome.failed, ...outcome.skipped]);
    for (const step of [...waiting]) {
      const missing = step.needs.find((name) => lost.has(name));
      if (missing === undefined) continue;
      waiting.splice(waiting.indexOf(step), 1);
      outcome.skipped.push(step.name);
      lost.add(step.name);
      onSkip(step, missing);
    }
  };
  const isTaken = (name) => [...running.keys()].some((other) => other.alone.includes(name));
  const isReady = ({ needs, alone }) =>
    needs.every((name) => outcome.passed.includes(name)) && !alone.some(isTaken);
  const begin = (step) => {
    waiting.splice(waiting.indexOf(step), 1);
    const ended = run(step).then((passed) => {
      running.delete(step);
      outcome[passed ? "passed" : "failed"].push(step.name);
    });
    running.set(step, ended);
  };

  for (;;) {
    skipWhatCannotRun();
    let next = waiting.find(isReady);
    while (running.size < slots && next !== undefined) {
      begin(next);
      next = waiting.find(isReady);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (waiting.length > 0) {
    throw new Error(`these steps need each other: ${waiting.map(({ name }) => name).join(", ")}`);
  }
  return outcome;
}

/** The chosen steps and all that they need, in the order of the list. */
export function withNeeds(steps, chosen) {
  const wanted = new Set();
  const want = (name) => {
    const step = steps.find((one) => one.name === name);
    if (step === undefined) throw new Error(`there is no step ${name}`);
    wanted.add(step);
    for (const need of step.needs) want(need);
  };
  for (const { name } of chosen) want(name);
  return steps.filter((step) => wanted.has(step));
}
