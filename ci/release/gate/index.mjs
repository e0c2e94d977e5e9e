// What the tarballs must pass without being run.
import { binaryProblems } from "./binaries.mjs";
import { bundledProblems } from "./bundled.mjs";
import { entryProblems } from "./entries.mjs";
import { fileProblems } from "./files.mjs";
import { sourceProblems } from "./sources.mjs";
import { versionProblems } from "./versions.mjs";

export const CHECKS = {
  "one version": versionProblems,
  "the files": fileProblems,
  "other packages, inside and beside": bundledProblems,
  "the entries, by publint and attw": entryProblems,
  "the addons": binaryProblems,
  "the sources": sourceProblems,
};

/**
 * @param release `{ packages, targets }`: the opened tarballs, and the targets that packages may be for
 * @returns for each check, its problems
 */
export async function inspectRelease(release) {
  const results = {};
  for (const [name, check] of Object.entries(CHECKS)) results[name] = await check(release);
  return results;
}
