// What the addons are, whatever their packages say.
import { $, fs, path } from "zx";
import { root } from "../../paths.mjs";
import { GLIBC_FLOOR } from "../targets.mjs";
import { pythonTools } from "../tools.mjs";

/** Only what Node-API looks up; and what Apple's linker adds to every library. */
const ENTRY_POINTS = ["napi_register_module_v1", "node_api_module_get_api_version_v1"];
const OF_THE_LINKER = ["__dso_handle", "_mh_dylib_header"];

/** Absolute paths that are the same everywhere: of the system, of the standard library's build. */
const COMMON_PATHS =
  /^\/(aws-lc|checkout\/src\/llvm-project|dev|etc|lib|lib64|nonexistent|proc|rust\/deps|rustc|sys|usr|var\/tmp)\//;
const PATH = /(?<![\w.:/<>%*-])\/(?:[\w.@+-]{2,}\/){2,}[\w.@+-]+/g;
const WINDOWS_PATH = /\b[A-Z]:\\(?:[\w.@+ -]+\\)+[\w.@+ -]+/g;
const HOMES =
  /\/(?:root|home\/[\w.-]+|Users\/[\w.-]+)\/[\w./@+-]+|\.cargo\/(?:registry|git)[\w./@+-]*/g;

async function inspect(files) {
  if (files.length === 0) return [];
  const python = path.join(await pythonTools(), "python");
  const program = path.join(root, "ci", "release", "inspect.py");
  const { stdout } = await $({ quiet: true })`${python} ${program} ${files}`;
  return JSON.parse(stdout);
}

const compareVersions = (one, other) => {
  const [a, b] = [one, other].map((version) => version.split(".").map(Number));
  return a[0] - b[0] || (a[1] ?? 0) - (b[1] ?? 0) || (a[2] ?? 0) - (b[2] ?? 0);
};

/** The newest glibc that an addon asks for. */
export function glibcOf({ versions }) {
  return versions
    .flatMap((name) => /^GLIBC_([\d.]+)$/.exec(name)?.[1] ?? [])
    .sort(compareVersions)
    .at(-1);
}

function libcProblems(facts, libc) {
  const glibc = glibcOf(facts);
  const glibcLibraries = facts.libraries.filter((name) =>
    /^(libc\.so\.6|ld-linux.*|libm\.so\.6)$/.test(name),
  );
  if (libc === "glibc") {
    if (glibc === undefined) return ["it asks for no glibc"];
    if (compareVersions(glibc, GLIBC_FLOOR) <= 0) return [];
    return [`it needs glibc ${glibc}, and ${GLIBC_FLOOR} is promised`];
  }
  if (glibc === undefined && glibcLibraries.length === 0) return [];
  return [
    `it is for glibc: ${[...glibcLibraries, ...(glibc ? [`GLIBC_${glibc}`] : [])].join(", ")}`,
  ];
}

/** Folders of the machine that an addon was built on. */
export function pathsIn(text) {
  const found = [
    ...[...text.matchAll(PATH)]
      .map(([found]) => found)
      .filter((found) => !COMMON_PATHS.test(found)),
    ...[...text.matchAll(WINDOWS_PATH)].map(([found]) => found),
    ...[...text.matchAll(HOMES)].map(([found]) => found),
  ];
  return [...new Set(found)];
}

function pathProblems(bytes) {
  const found = pathsIn(bytes.toString("latin1"));
  if (found.length === 0) return [];
  const shown = found.slice(0, 5).map((one) => one.slice(0, 120));
  return [`${found.length} paths of the machine that built it are inside: ${shown.join(", ")}`];
}

function sizeProblems(sizes, budget) {
  return Object.entries(sizes)
    .filter(([where, size]) => size > budget[where] * 1e6)
    .map(
      ([where, size]) =>
        `it is ${(size / 1e6).toFixed(2)} MB ${where}, and the budget is ${budget[where]}`,
    );
}

async function problemsOf({ file, facts, target, packed }, budget) {
  if (facts.problem) return [facts.problem];
  const bytes = await fs.readFile(file);
  const problems = [];
  if (facts.os !== target.os) problems.push(`it is for ${facts.os}`);
  if (facts.cpu !== target.cpu) problems.push(`it is for ${facts.cpu}`);
  if (target.libc !== undefined && facts.os === "linux")
    problems.push(...libcProblems(facts, target.libc));
  if (!facts.stripped) problems.push("it is not stripped");
  const known = [...ENTRY_POINTS, ...(facts.os === "darwin" ? OF_THE_LINKER : [])];
  const foreign = facts.exports.filter((name) => !known.includes(name));
  if (!facts.exports.includes(ENTRY_POINTS[0])) problems.push(`it has no ${ENTRY_POINTS[0]}`);
  if (foreign.length > 0) problems.push(`it exports ${foreign.slice(0, 5).join(", ")}`);
  if (facts.searchPaths.length > 0)
    problems.push(`it has search paths: ${facts.searchPaths.join(", ")}`);
  for (const [property, holds] of Object.entries(facts.hardening)) {
    if (!holds) problems.push(`it is not so that ${property}`);
  }
  const sizes = { "on disk": bytes.length, packed };
  return [...problems, ...pathProblems(bytes), ...sizeProblems(sizes, budget)];
}

/** The addons of the packages, with what they say of themselves. */
export async function addonsOf({ packages, targets }) {
  const addons = packages.flatMap(({ name, folder, size }) => {
    const target = targets.find(({ packageName }) => packageName === name);
    return target ? [{ name, target, file: path.join(folder, target.file), packed: size }] : [];
  });
  const present = addons.filter(({ file }) => fs.existsSync(file));
  const facts = await inspect(present.map(({ file }) => file));
  return present.map((addon, index) => ({ ...addon, facts: facts[index] }));
}

export async function binaryProblems(release) {
  const budget = await fs.readJson(path.join(root, "ci", "release", "budget.json"));
  const problems = [];
  for (const addon of await addonsOf(release)) {
    for (const problem of await problemsOf(addon, budget)) {
      problems.push(`${addon.name}: ${problem}`);
    }
  }
  return problems;
}
