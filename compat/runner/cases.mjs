// The cases: a file each, `cases/<group>/<name>.mjs`, with its golden trace as the last comment.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const casesDir = fileURLToPath(new URL("../cases/", import.meta.url));
/** Cases that go wrong on purpose, for the tests of the harness and the proofs of the instruments. */
export const plantedDir = fileURLToPath(new URL("../planted/", import.meta.url));

/** By the lane `remote` a case's calls come from a peer; see `lane.mjs`. */
const LANES = ["direct", "native", "remote"];
/** A case of this name runs once in each lane, against its one trace. */
const IN_LANES = ".lanes.mjs";
/** What a case of the local lanes begins with that a peer cannot be the caller of, and why. */
const NOT_REMOTE = /^\/\/ not remote: (?<why>.+)$/m;
const GOLDEN = /^\/\/ trace\n(?<lines>(?:\/\/.*\n)*)$/m;

/** The golden trace of a case; `undefined` while it has none. */
function goldenOf(source) {
  const { lines } = GOLDEN.exec(source)?.groups ?? {};
  return lines?.replace(/^\/\/ ?/gm, "");
}

/** Writes the trace of a case into its file. */
export function writeGolden(file, trace) {
  const body = readFileSync(file, "utf8").replace(GOLDEN, "").trimEnd();
  const lines = trace.replace(/^(?!$)/gm, "// ").replace(/^$(?=\n)/gm, "//");
  writeFileSync(file, `${body}\n\n// trace\n${lines}`);
}

function readCase(group, file) {
  const inLanes = file.endsWith(IN_LANES);
  const name = `${group.name}/${file.slice(0, -(inLanes ? IN_LANES : ".mjs").length)}`;
  const full = path.join(group.folder, file);
  const source = readFileSync(full, "utf8");
  const { why: notRemote } = NOT_REMOTE.exec(source)?.groups ?? {};
  const lanes = inLanes
    ? LANES.filter((lane) => lane !== "remote" || notRemote === undefined)
    : [undefined];
  return { group: group.name, name, file: full, golden: goldenOf(source), lanes, notRemote };
}

/**
 * What expectations and the matrix call a run: those of the lane `remote` belong to the group
 * `network`, whichever group their case is in.
 */
export function rowOf(name, lane) {
  return lane === "remote" ? `network/${name}` : name;
}

/** All cases of a folder of groups, in alphabetical order. */
export function findCases(folder = casesDir) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, folder: path.join(folder, name) }))
    .flatMap((group) =>
      readdirSync(group.folder)
        .filter((file) => file.endsWith(".mjs") && !file.startsWith("_"))
        .map((file) => readCase(group, file)),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
