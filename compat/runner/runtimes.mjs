// The runtimes of the matrix, and which of them a command line means.
import { readFileSync } from "node:fs";
import semver from "semver";

const listed = JSON.parse(readFileSync(new URL("../runtimes.json", import.meta.url), "utf8"));

/** Every runtime of the matrix: `{ kind, version, short? }`. */
export const runtimes = listed;

/** Those that the short form of the suite, and the examples, run on. */
export const shortRuntimes = listed.filter(({ short }) => short);

export function nameOf({ kind, version }) {
  return `${kind === "bun" ? "Bun" : "Node"} ${version}`;
}

/** A name of a runtime for files and anchors. */
export function idOf({ kind, version }) {
  return `${kind}-${version}`;
}

/** Takes `bun`, `node@20`, `bun@1.1.26` apart. */
function parseSelector(selector) {
  const [kind, version = "*"] = selector.split("@");
  if (!["node", "bun"].includes(kind) || semver.validRange(version) === null) {
    throw new Error(`--runtime ${selector}: expected node, bun, node@20 or bun@1.1.26`);
  }
  return { kind, version };
}

/**
 * The runtimes that a selector means: those of the matrix that fit or, for a full version that is
 * not among them, that one.
 */
export function selectRuntimes(selector) {
  const { kind, version } = parseSelector(selector);
  const fitting = runtimes.filter(
    (runtime) => runtime.kind === kind && semver.satisfies(runtime.version, version),
  );
  if (fitting.length > 0) return fitting;
  if (semver.valid(version)) return [{ kind, version }];
  throw new Error(`--runtime ${selector}: no runtime of compat/runtimes.json fits`);
}
