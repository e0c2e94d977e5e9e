// Runs the demo on every runtime, and compares what it prints with what it should.
import { $, chalk, fs, path } from "zx";
import { root } from "../paths.mjs";
import { installRuntime, runtimes } from "../runtimes.mjs";

const LIMIT = "60s";
const example = path.join(root, "examples", "math-service");

await import("./build.mjs");
const expected = await fs.readFile(path.join(example, "expected.txt"), "utf8");
let failures = 0;
for (const { kind, version } of runtimes) {
  const name = `${kind} ${version}`;
  const program = await installRuntime(kind, version);
  const run = $({ cwd: example, quiet: true, nothrow: true, timeout: LIMIT });
  const { exitCode, signal, stdout, stderr, duration } = await run`${program} dist/main.js`;
  const passed = exitCode === 0 && stdout === expected;
  if (passed) {
    console.log(`${chalk.green("passed")} ${name} (${duration} ms)`);
    continue;
  }
  failures++;
  console.log(`${chalk.red("failed")} ${name}: exit code ${exitCode}, signal ${signal}`);
  console.log(stdout, stderr);
}
console.log(`demo: ${runtimes.length - failures} passed, ${failures} failed`);
if (failures > 0) process.exitCode = 1;
