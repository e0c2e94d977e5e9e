// The conformance suite: every case on every runtime, against the packed packages.
import { $, chalk, path } from "zx";
import { accept } from "../../compat/runner/accept.mjs";
import { bisect, step, versionsBetween } from "../../compat/runner/bisect.mjs";
import { findCases, plantedDir } from "../../compat/runner/cases.mjs";
import { isGood, readExpectations } from "../../compat/runner/expectations.mjs";
import { writeJson, writeJunit } from "../../compat/runner/files.mjs";
import { INSTRUMENTS } from "../../compat/runner/instruments.mjs";
import { differencesFromMatrix, writeMatrix } from "../../compat/runner/matrix.mjs";
import { follow } from "../../compat/runner/progress.mjs";
import { runtimes, selectRuntimes } from "../../compat/runner/runtimes.mjs";
import { runSuite } from "../../compat/runner/suite.mjs";
import { summary } from "../../compat/runner/summary.mjs";
import { buildInstrumentedAddon } from "../addon.mjs";
import { readCompatOptions, USAGE } from "../compat-options.mjs";
import { readKnown, runCommand, UsageError } from "../options.mjs";
import { addonToPack, installedPackages, installedProject } from "../packages.mjs";
import {
  installRuntime,
  isPublishedHere,
  newestRuntime,
  packageOf,
  shortRuntimesHere,
} from "../runtimes.mjs";

/** What the instruments run on unless told otherwise. */
const INSTRUMENTED = "node@20.20.2";

async function withProgram(runtime) {
  return { ...runtime, program: await installRuntime(runtime.kind, runtime.version) };
}

/** The packed packages, installed; with the addon that is asked for. */
async function projectFor({ addon, packages, instrument }) {
  if (packages !== undefined) return installedPackages(path.resolve(packages), "compat-packages");
  const packed = await addonToPack(addon);
  if (addon !== undefined) return installedProject(packed, "compat-addon");
  const { build } = INSTRUMENTS[instrument] ?? {};
  if (build !== undefined)
    return installedProject(await buildInstrumentedAddon(), `compat-${build}`);
  return installedProject(packed, "compat");
}

async function chosenRuntimes({ runtime, short, newest, instrument }) {
  if (newest) return Promise.all(["node", "bun"].map(newestRuntime));
  if (runtime.length > 0) return runtime.flatMap(selectRuntimes);
  if (instrument !== undefined) return selectRuntimes(INSTRUMENTED);
  return short ? shortRuntimesHere : runtimes.filter(isPublishedHere);
}

function chosenCases({ only }) {
  const cases = findCases().filter(
    ({ name }) => only.length === 0 || only.some((text) => name.includes(text)),
  );
  if (cases.length === 0)
    throw new UsageError(`--only ${only.join(", ")}: no case has such a name`);
  return cases;
}

/** Whether the results are of every case, and nothing but the tree's own build was in play. */
function isWhole({ only, addon, packages, instrument }) {
  return [...only, addon, packages, instrument].every((option) => option === undefined);
}

/** An instrument that finds nothing must first have found something. */
async function prove({ proof, env, examine }, runtime, project) {
  if (proof === undefined) return;
  const [{ kind }] = await runSuite({
    cases: findCases(plantedDir).filter(({ name }) => name === proof.name),
    ...{ runtimes: [runtime], project, expectations: [], examine, env: env() },
  });
  if (kind !== proof.kind) throw new Error(`${proof.name} is a ${proof.kind}, and was not found`);
  console.log(`${chalk.green("✓")} the planted ${proof.name} was found`);
}

async function run(options) {
  const began = Date.now();
  const { instrument, repeat = 1, jobs } = options;
  if (instrument !== undefined) readKnown(instrument, Object.keys(INSTRUMENTS));
  const cases = chosenCases(options);
  const chosen = await chosenRuntimes(options);
  const project = await projectFor(options);
  const tried = await Promise.all(chosen.map(withProgram));
  const [first] = tried;
  if (instrument !== undefined) await prove(INSTRUMENTS[instrument], first, project);
  const expectations = readExpectations();
  const total = cases.reduce((sum, { lanes }) => sum + lanes.length, 0) * tried.length * repeat;
  const progress = options.accept ? undefined : follow(total, tried);
  const { env, examine } = INSTRUMENTS[instrument] ?? {};
  const results = await runSuite({
    ...{ cases, runtimes: tried, project, expectations, repeat, jobs, examine, env: env?.() },
    onResult: progress?.result,
  });
  progress?.end();
  if (options.accept) {
    accept(results);
    return true;
  }
  if (options.json) writeJson(options.json, results);
  if (options.junit) writeJunit(options.junit, results);
  console.log(`\n${summary(results)}\n`);
  const differences = matrix(options, tried, results);
  for (const difference of differences) console.log(chalk.red(difference));
  const bad = results.filter(({ status }) => !isGood(status)).length;
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`${cases.length} cases on ${tried.length} runtimes in ${seconds} s`);
  console.log(`compat: ${results.length - bad} passed, ${bad} failed`);
  return bad === 0 && differences.length === 0;
}

/** Compares with the matrix, or writes it when the results are all that it needs. */
function matrix(options, tried, results) {
  if (!isWhole(options)) {
    return options.check ? ["--check compares whole runs: leave the other options out"] : [];
  }
  if (options.check) {
    const differences = differencesFromMatrix(results);
    return differences.length === 0 ? [] : [...differences, "to renew the matrix: npm run compat"];
  }
  if (tried.length < runtimes.length) return [];
  writeMatrix(results);
  console.log("written: compat/matrix.json, compat/matrix.md, compat/matrix.html");
  return [];
}

async function runBisect(options) {
  const { case: name, from, to, kind = "bun" } = options;
  const [one] = findCases().filter((found) => found.name === name);
  if (one === undefined) throw new UsageError(`--case ${name}: there is no such case`);
  const published = await $({ quiet: true })`npm view ${packageOf(kind).name} versions --json`;
  const versions = versionsBetween(JSON.parse(published.stdout), from, to);
  if (versions.length < 2)
    throw new Error(`no two versions of ${kind} lie between ${from} and ${to}`);
  const project = await projectFor(options);
  const outcomeOf = async (version) => {
    const runtime = await withProgram({ kind, version });
    const results = await runSuite({
      ...{ cases: [one], runtimes: [runtime], project, expectations: [] },
      repeat: options.repeat,
    });
    const outcome = results.find((result) => result.kind !== "pass")?.kind ?? "pass";
    step(runtime, outcome);
    return outcome;
  };
  const found = await bisect(versions, outcomeOf);
  if (found.changed) console.log(`${name} changed between ${kind} ${found.from} and ${found.to}`);
  else console.log(`${name}: ${found.outcome} at both ends; there is nothing to find between them`);
  return found.changed;
}

await runCommand(USAGE, () => {
  const options = readCompatOptions();
  return options.command === "bisect" ? runBisect(options) : run(options);
});
