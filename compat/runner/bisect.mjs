// Finds the version of a runtime with which the outcome of a case changed.
import semver from "semver";
import { chalk } from "zx";
import { nameOf } from "./runtimes.mjs";

/**
 * Halves a range of versions until two neighbours are left whose outcomes differ.
 *
 * @param versions in ascending order; the outcome of the first and of the last must differ
 * @param outcomeOf runs the case on a version, and tells the kind of its result
 */
export async function bisect(versions, outcomeOf) {
  let low = 0;
  let high = versions.length - 1;
  const first = await outcomeOf(versions[low]);
  const last = await outcomeOf(versions[high]);
  if (first === last) return { changed: false, outcome: first };
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const outcome = await outcomeOf(versions[middle]);
    // An outcome of a third kind is on the side of the change.
    if (outcome === first) low = middle;
    else high = middle;
  }
  return { changed: true, from: versions[low], to: versions[high] };
}

/** The released versions of a range, both ends included. */
export function versionsBetween(published, from, to) {
  const range = published.filter(
    (version) =>
      semver.prerelease(version) === null && semver.gte(version, from) && semver.lte(version, to),
  );
  return range.sort(semver.compare);
}

/** Tells of one step. */
export function step(runtime, outcome) {
  const mark = outcome === "pass" ? chalk.green(outcome) : chalk.red(outcome);
  console.log(`${nameOf(runtime).padEnd(14)} ${mark}`);
}
