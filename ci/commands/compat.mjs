// The conformance suite: every case on every runtime, against the packed packages.
import { chalk, glob, minimist, path } from "zx";
import { accept } from "../../compat/runner/accept.mjs";
import { findCases } from "../../compat/runner/cases.mjs";
import { isGood, readExpectations } from "../../compat/runner/expectations.mjs";
import { follow } from "../../compat/runner/progress.mjs";
import { runtimes, selectRuntimes, shortRuntimes } from "../../compat/runner/runtimes.mjs";
import { runSuite } from "../../compat/runner/suite.mjs";
import { installedProject } from "../packages.mjs";
import { root } from "../paths.mjs";
import { installRuntime } from "../runtimes.mjs";
import { compileTypeScript } from "../typescript.mjs";

const options = minimist(process.argv.slice(3), {
  boolean: ["short", "accept"],
  string: ["only", "runtime", "addon"],
});
const list = (given) => [given ?? []].flat();
const matching = (name) => (text) => name.includes(text.replaceAll("*", ""));

await compileTypeScript();
const [built] = await glob(path.join(root, "crates", "ffi", "*.node"));
const project = await installedProject(path.resolve(options.addon ?? built), "compat");
const chosen = list(options.runtime).flatMap(selectRuntimes);
const fallback = options.short ? shortRuntimes : runtimes;
const tried = [];
for (const runtime of chosen.length > 0 ? chosen : fallback) {
  tried.push({ ...runtime, program: await installRuntime(runtime.kind, runtime.version) });
}
const only = list(options.only);
const cases = findCases().filter(({ name }) => only.length === 0 || only.some(matching(name)));
const repeat = Number(options.repeat ?? 1);
const total = cases.reduce((sum, { lanes }) => sum + lanes.length, 0) * tried.length * repeat;
const progress = follow(total, tried);
const results = await runSuite({
  cases,
  runtimes: tried,
  project,
  repeat,
  expectations: readExpectations(),
  onResult: options.accept ? () => undefined : progress.result,
});
progress.end();
if (options.accept) accept(results);
const bad = results.filter(({ status }) => !isGood(status)).length;
console.log(`compat: ${results.length - bad} passed, ${bad} failed`);
if (bad > 0) process.exitCode = 1;
