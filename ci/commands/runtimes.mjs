// Runs every example on every runtime, and compares what it prints with what it should.
import { $, chalk, fs, glob, path } from "zx";
import { root } from "../paths.mjs";
import { installRuntime, shortRuntimesHere as runtimes } from "../runtimes.mjs";
import { compileTypeScript } from "../typescript.mjs";

const LIMIT = "60s";
const folder = path.join(root, "examples");
const examples = (await glob("*/main.ts", { cwd: folder })).map(path.dirname).sort();

await compileTypeScript();
let failures = 0;

async function tryExample(example, runtime, program) {
  const cwd = path.join(folder, example);
  const expected = await fs.readFile(path.join(cwd, "expected.txt"), "utf8");
  const run = $({ cwd, quiet: true, nothrow: true, timeout: LIMIT });
  const { exitCode, signal, stdout, stderr, duration } = await run`${program} dist/main.js`;
  if (exitCode === 0 && stdout === expected) {
    console.log(`${chalk.green("passed")} ${example} on ${runtime} (${duration} ms)`);
    return;
  }
  failures++;
  console.log(
    `${chalk.red("failed")} ${example} on ${runtime}: exit code ${exitCode}, signal ${signal}`,
  );
  console.log(stdout, stderr);
}

for (const { kind, version } of runtimes) {
  const program = await installRuntime(kind, version);
  for (const example of examples) await tryExample(example, `${kind} ${version}`, program);
}
const runs = runtimes.length * examples.length;
console.log(`demos: ${runs - failures} passed, ${failures} failed`);
if (failures > 0) process.exitCode = 1;
