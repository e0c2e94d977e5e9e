// Runs cases on runtimes, more at once than there are cores, and judges each run.
import { cp, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pLimit from "p-limit";
import { rowOf } from "./cases.mjs";
import { judge } from "./expectations.mjs";
import { runCase } from "./run-case.mjs";
import { traceOf, verdictOf } from "./verdict.mjs";

/** What cases share. */
const SHARED = ["kit.mjs", "lane.mjs"];

/** Flags that make garbage collection available to the cases. */
const ARGS = { node: ["--expose-gc"], bun: [] };

/** Half of a run is waiting: for deadlines, for peers, for what must not come. */
const JOBS_PER_CORE = 2;

/** So much of what a run wrote to its error stream is kept: a sanitizer's report can be megabytes. */
const KEPT_CHARACTERS = 20_000;

/** A copy of a text's beginning; a mere slice would keep the whole text in memory. */
function beginningOf(text) {
  return Buffer.from(text.slice(0, KEPT_CHARACTERS)).toString();
}

/** Copies the cases below the packages that they import; tells where. */
async function place(cases, project) {
  const folder = await mkdtemp(path.join(project, "run-"));
  for (const name of SHARED) {
    await cp(fileURLToPath(new URL(`../${name}`, import.meta.url)), path.join(folder, name));
  }
  for (const groupDir of new Set(cases.map(({ file }) => path.dirname(file)))) {
    await cp(groupDir, path.join(folder, "cases", path.basename(groupDir)), { recursive: true });
  }
  return folder;
}

/** Every run that is due: each case in each of its lanes, on each runtime, so many times. */
function plan(cases, runtimes, repeat) {
  const runs = [];
  for (const runtime of runtimes) {
    for (const one of cases) {
      for (const lane of one.lanes) {
        for (let round = 0; round < repeat; round++) runs.push({ runtime, case: one, lane });
      }
    }
  }
  return runs;
}

/**
 * Runs the suite.
 *
 * @param runtimes each with its `program`; `extraArgs`, `env` and `limits` hold for every process
 * @param onResult told of each result as it comes
 * @returns the results: `{ runtime, name, group, lane, row, kind, why, status, expectation, trace, stderr, ms }`
 */
export async function runSuite({
  cases,
  runtimes,
  project,
  expectations,
  repeat = 1,
  jobs = JOBS_PER_CORE * os.availableParallelism(),
  extraArgs = [],
  env = {},
  limits = {},
  examine = () => undefined,
  onResult = () => undefined,
}) {
  const folder = await place(cases, project);
  const limit = pLimit(jobs);
  const runOne = async ({ runtime, case: one, lane }) => {
    const began = performance.now();
    const args = [...ARGS[runtime.kind], ...extraArgs];
    const { program } = runtime;
    const { name, group } = one;
    const file = path.join("cases", group, path.basename(one.file));
    const seen = await runCase({ program, args, file, cwd: folder, lane, env, limits });
    const { kind, why } = examine(seen) ?? verdictOf(runtime, one.golden, seen);
    const { stdout, stderr } = seen;
    const row = rowOf(name, lane);
    const judged = judge(expectations, { runtime, name: row, kind, stdout, stderr });
    const ms = Math.round(performance.now() - began);
    const trace = traceOf(seen);
    const result = {
      runtime,
      case: one,
      name,
      group,
      lane,
      row,
      kind,
      why,
      ...judged,
      trace,
      stderr: beginningOf(stderr),
      ms,
    };
    onResult(result);
    return result;
  };
  try {
    return await Promise.all(plan(cases, runtimes, repeat).map((run) => limit(() => runOne(run))));
  } finally {
    limit.clearQueue();
    await rm(folder, { recursive: true, force: true });
  }
}
