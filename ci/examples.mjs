// What there is to run of each example, on which runtimes, and when it has passed.
import os from "node:os";
import pLimit from "p-limit";
import semver from "semver";
import { $, fs, glob, path } from "zx";
import { root } from "./paths.mjs";

export const examplesDir = path.join(root, "examples");
const LIMIT = "60s";
/** Before, Bun has too little of `node:test`, and 1.0.0 passes without having run a test. */
const BUN_WITH_TESTS = ">=1.2.20";
/** How the test runners say how many tests have passed: TAP, Bun's and vitest's. */
const PASSED = [/^# pass [1-9]/m, /^ *[1-9]\d* pass$/m, /Tests +[1-9]\d* passed/];

const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const onNode = ({ kind }) => kind === "node";
const hasTests = ({ kind, version }) =>
  kind === "node" || semver.satisfies(version, BUN_WITH_TESTS);
const saysWhatItShould = async ({ folder, stdout }) =>
  stdout === (await fs.readFile(path.join(folder, "expected.txt"), "utf8"));
const hasPassed = ({ stdout, stderr }) => PASSED.some((words) => words.test(stdout + stderr));

/** The files of an example that can be run. */
const KINDS = [
  {
    file: "dist/main.js",
    args: () => ["dist/main.js"],
    fits: () => true,
    isGood: saysWhatItShould,
  },
  {
    // Fails by its exit code: what it prints has times in it.
    file: "dist/demo.js",
    args: (_, { peer }) => ["dist/demo.js", peer, "static"],
    fits: () => true,
    isGood: () => true,
  },
  {
    file: "dist/main.test.js",
    args: ({ kind }) =>
      kind === "bun"
        ? ["test", "./dist/main.test.js"]
        : ["--test", "--test-reporter=tap", "dist/main.test.js"],
    fits: hasTests,
    isGood: hasPassed,
  },
  {
    file: "dist/bun.test.js",
    args: () => ["test", "./dist/bun.test.js"],
    fits: (runtime) => !onNode(runtime) && hasTests(runtime),
    isGood: hasPassed,
  },
  {
    file: "vitest.test.ts",
    args: () => [vitest, "run", "vitest.test.ts"],
    fits: onNode,
    isGood: hasPassed,
  },
];

/** The examples that `npm run demo` can show. */
export async function demos() {
  const programs = await glob("*/main.ts", { cwd: examplesDir });
  return programs.map(path.dirname).sort();
}

/** Whether the `engines` of an example, which runs everywhere without, name a runtime. */
export function runsOn({ engines }, { kind, version }) {
  return engines === undefined || semver.satisfies(version, engines[kind] ?? "<0");
}

/** Everything to run: `{ example, folder, runtime, file, … }`. The examples must have been compiled. */
async function findRuns(runtimes) {
  const runs = [];
  const names = (await glob("*/package.json", { cwd: examplesDir })).map(path.dirname).sort();
  for (const example of names) {
    const folder = path.join(examplesDir, example);
    const manifest = await fs.readJson(path.join(folder, "package.json"));
    const kinds = KINDS.filter(({ file }) => fs.existsSync(path.join(folder, file)));
    if (kinds.length === 0) throw new Error(`${folder}: there is nothing to run`);
    for (const runtime of runtimes.filter((runtime) => runsOn(manifest, runtime))) {
      for (const kind of kinds) {
        if (kind.fits(runtime)) runs.push({ ...kind, example, folder, runtime });
      }
    }
  }
  return runs;
}

async function tryRun({ args, isGood, folder, runtime, file, example }, peer) {
  const env = { ...process.env, NO_COLOR: "1", RUNAR_TEST_PEER: peer };
  const run = $({ cwd: folder, env, quiet: true, nothrow: true, timeout: LIMIT });
  const ended = await run`${runtime.program} ${args(runtime, { peer })}`;
  const { exitCode, signal, stdout, stderr, duration } = ended;
  const passed = exitCode === 0 && (await isGood({ folder, stdout, stderr }));
  return { passed, example, file, runtime, exitCode, signal, stdout, stderr, duration };
}

/**
 * Runs every example on every runtime that it is for, as many at once as there are processors.
 *
 * @param runtimes `{ kind, version, program }`
 * @param peer the program of the Rust peer
 * @param tell gets what became of each run
 */
export async function runExamples(runtimes, peer, tell) {
  const limit = pLimit(os.availableParallelism());
  const runs = await findRuns(runtimes);
  await Promise.all(runs.map((run) => limit(async () => tell(await tryRun(run, peer)))));
}
