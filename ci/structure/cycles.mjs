// The cycles of a graph of imports.

/** The shortest way from a file to another, as the imports on it; `undefined` where there is none. */
function shortestWay(graph, from, to) {
  const reached = new Map([[from, undefined]]);
  const queue = [from];
  for (const file of queue) {
    for (const { to: next, line } of graph.get(file) ?? []) {
      if (next === to) {
        const way = [{ from: file, to, line }];
        for (let step = reached.get(file); step; step = reached.get(step.from)) way.unshift(step);
        return way;
      }
      if (reached.has(next)) continue;
      reached.set(next, { from: file, to: next, line });
      queue.push(next);
    }
  }
  return undefined;
}

/** Whether a file imports another, itself or through others. */
export const reaches = (graph, from, to) => shortestWay(graph, from, to) !== undefined;

/** Every file that can be reached from a file. */
function reachable(graph, from) {
  const reached = new Set();
  const queue = [from];
  for (const file of queue) {
    for (const { to } of graph.get(file) ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      queue.push(to);
    }
  }
  return reached;
}

/**
 * For each set of files that import each other, whichever way round: the `files`, and the shortest `cycle`
 * among them as a list of imports, `{ from, to, line }`.
 */
export function cyclesOf(graph) {
  const from = new Map([...graph.keys()].map((file) => [file, reachable(graph, file)]));
  const found = [];
  const seen = new Set();
  for (const [file, reached] of from) {
    if (seen.has(file) || !reached.has(file)) continue;
    const files = [...reached].filter((other) => from.get(other)?.has(file)).sort();
    for (const one of files) seen.add(one);
    const ways = files.map((one) => shortestWay(graph, one, one));
    const [cycle] = ways.sort((a, b) => a.length - b.length);
    found.push({ files, cycle });
  }
  return found;
}
