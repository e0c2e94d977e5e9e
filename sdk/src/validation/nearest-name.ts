/** The known name that a mistyped one most likely means. */

/** From this similarity on a name is close enough to be suggested; `config.rs` has the same. */
const MIN_SIMILARITY = 0.75;
/** Jaro similarity from which on a common prefix counts. */
const PREFIX_THRESHOLD = 0.7;
const MAX_PREFIX = 4;
const PREFIX_WEIGHT = 0.1;

/** The most similar of the known names; `undefined` when none is close. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let highest = MIN_SIMILARITY;
  for (const candidate of known) {
    const similarity = jaroWinkler(name.toLowerCase(), candidate.toLowerCase());
    if (similarity < highest) continue;
    highest = similarity;
    nearest = candidate;
  }
  return nearest;
}

function jaroWinkler(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const similarity = jaro(left, right);
  if (similarity <= PREFIX_THRESHOLD) return similarity;
  let prefix = 0;
  while (prefix < MAX_PREFIX && prefix < left.length && left[prefix] === right[prefix]) prefix++;
  return similarity + PREFIX_WEIGHT * prefix * (1 - similarity);
}

function jaro(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 && b.length === 0) return 1;
  if (a.length === 0 || b.length === 0) return 0;
  const window = Math.max(Math.floor(Math.max(a.length, b.length) / 2) - 1, 0);
  const matchedInB = new Array<boolean>(b.length).fill(false);
  const matchesOfA: string[] = [];
  for (const [index, character] of a.entries()) {
    const end = Math.min(index + window + 1, b.length);
    for (let at = Math.max(index - window, 0); at < end; at++) {
      if (matchedInB[at] || b[at] !== character) continue;
      matchedInB[at] = true;
      matchesOfA.push(character);
      break;
    }
  }
  const matches = matchesOfA.length;
  if (matches === 0) return 0;
  const matchesOfB = b.filter((_, index) => matchedInB[index]);
  const outOfPlace = matchesOfA.filter((character, index) => character !== matchesOfB[index]);
  const transpositions = Math.floor(outOfPlace.length / 2);
  return (matches / a.length + matches / b.length + (matches - transpositions) / matches) / 3;
}
