// Runs every example, with its tests, on every runtime that it is for, and compares what it prints with
// what it should.
import { chalk } from "zx";
import { runExamples } from "../examples.mjs";
import { installRuntime, shortRuntimesHere } from "../runtimes.mjs";
import { buildTestPeer } from "../test-peer.mjs";
import { compileTypeScript } from "../typescript.mjs";

await compileTypeScript();
const peer = await buildTestPeer();
const runtimes = [];
for (const { kind, version } of shortRuntimesHere) {
  runtimes.push({ kind, version, program: await installRuntime(kind, version) });
}

let passed = 0;
let failed = 0;
await runExamples(runtimes, peer, (run) => {
  const what = `${run.example}/${run.file} on ${run.runtime.kind} ${run.runtime.version}`;
  if (run.passed) {
    passed++;
    console.log(`${chalk.green("passed")} ${what} (${run.duration} ms)`);
    return;
  }
  failed++;
  console.log(`${chalk.red("failed")} ${what}: exit code ${run.exitCode}, signal ${run.signal}`);
  console.log(run.stdout, run.stderr);
});
console.log(`examples: ${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
