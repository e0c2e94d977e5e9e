// Runs a group of steps, or those that are named: what `npm test` and `npm run test:all` do.
import { spawn } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import { path } from "zx";
import { readKnown, readOptions } from "../options.mjs";
import { root } from "../paths.mjs";
import { steps } from "./list.mjs";
import { makeReport } from "./report.mjs";
import { schedule, withNeeds } from "./schedule.mjs";

/** Most steps use all processors themselves: another one fills the time in which they wait. */
const SIDE_BY_SIDE = 2;

const program = path.join(root, "ci", "steps", "run-step.mjs");

/** Runs a step in a process; returns whether it passed, and all that it printed. */
async function runStep({ name }) {
  const color = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn(process.execPath, [program, name], {
    ...{ cwd: root, env: { ...process.env, ...color } },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => chunks.push(chunk));
  }
  const [exitCode] = await once(child, "close");
  return { passed: exitCode === 0, output: Buffer.concat(chunks).toString() };
}

/**
 * Runs the steps of a group, or some of them by name, with what they need.
 *
 * @returns whether all of them passed
 */
export async function runTests(group) {
  const { list, only = [] } = readOptions({ lists: ["only"], flags: ["list"] });
  const names = steps.map(({ name }) => name);
  const named = only.map((name) => steps.find((one) => one.name === readKnown(name, names)));
  const chosen = named.length > 0 ? named : steps.filter((step) => step.group === group);
  const wanted = withNeeds(steps, chosen);
  if (list) {
    const width = Math.max(...wanted.map(({ name }) => name.length));
    for (const { name, about } of wanted) console.log(`${name.padEnd(width)}  ${about}`);
    return true;
  }
  const report = makeReport(wanted.length);
  const outcome = await schedule(wanted, {
    slots: Math.min(SIDE_BY_SIDE, os.availableParallelism()),
    async run(step) {
      report.begin(step.name);
      const { passed, output } = await runStep(step);
      report.end(step.name, passed, output);
      return passed;
    },
    onSkip: ({ name }, missing) => report.skip(name, missing),
  });
  report.close(outcome);
  return outcome.failed.length === 0;
}

/** What `--help` prints. */
export const usageOf = (script) => `usage: npm ${script} -- [--list] [--only NAME …]

  --only NAME  this step and what it needs; may be given several times
  --list       the names of the steps`;
