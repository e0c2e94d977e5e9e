// Metrics as a trace has them: how long calls took is another matter each time.
export function rows({ served, made }) {
  return [...served, ...made].map(({ path, caller, target, durations, ...counts }) => {
    const inBuckets = durations.counts.reduce((sum, count) => sum + count, 0);
    const isTrue = inBuckets === counts.ended && durations.count === counts.ended;
    return [path, caller ?? target, counts, isTrue];
  });
}
