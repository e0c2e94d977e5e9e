// Everything that must hold before a change lands, cheapest first. Ends with a line that counts.
import { $, chalk, path } from "zx";
import { buildFixtureAddon, hostTriple } from "../addon.mjs";
import { installedProject } from "../packages.mjs";
import { root } from "../paths.mjs";
import { buildTestPeer } from "../test-peer.mjs";
import { compileTypeScript } from "../typescript.mjs";

const run = $({ cwd: root, stdio: "inherit" });
const bin = (name) => path.join(root, "node_modules", ".bin", name);
const releaseTests = path.join(root, "ci", "release", "test");

const steps = {
  "formatting and lints": () => import("./lint.mjs"),
  "command lines of the commands": () =>
    $({ cwd: path.join(root, "ci", "test"), stdio: "inherit" })`${bin("vitest")} run`,
  "the addon and the TypeScript": compileTypeScript,
  "what is generated is up to date": async () => {
    // The build has just written it.
    await run`git diff --exit-code -- crates/ffi/native.d.ts`;
    await run`node ci/run.mjs generate --check`;
  },
  "Rust tests": async () =>
    run`cargo test --workspace --release --target ${await hostTriple()} --quiet`,
  "the queue of log records, model-checked": () => run`node ci/run.mjs queue`,
  "types of the tests": async () => {
    for (const folder of ["sdk", "create"]) await run`${bin("tsc")} -p ${folder}/test`;
  },
  "SDK tests": async () => {
    const env = {
      ...process.env,
      RUNAR_TS_FFI_PATH: await buildFixtureAddon(),
      RUNAR_TEST_PEER: await buildTestPeer(),
    };
    await $({ cwd: path.join(root, "sdk"), stdio: "inherit", env })`${bin("vitest")} run`;
  },
  "the loader, its install step, what an install brings, and the one version": () =>
    $({ cwd: releaseTests, stdio: "inherit" })`${bin("vitest")} run installed loader versions`,
  "what users see when an install fails": () => run`node ci/run.mjs failures`,
  "links, codes and names of the pages": () =>
    $({ cwd: path.join(root, "docs"), stdio: "inherit" })`${bin("vitest")} run test/pages.test.mjs`,
  "the network example": () => run`node ci/run.mjs demo-network`,
  "the examples on six runtimes": () => run`node ci/run.mjs runtimes`,
  "create-runar-ts": () => run`${bin("vitest")} run --root create`,
  "a project that create-runar-ts makes": () => run`node ci/run.mjs create`,
  "the conformance suite tests itself": async () => {
    const project = await installedProject(await buildFixtureAddon(), "compat-harness");
    const env = { ...process.env, COMPAT_PROJECT: project };
    await $({ cwd: path.join(root, "compat"), stdio: "inherit", env })`${bin("vitest")} run`;
  },
  "the conformance suite, in its short form": () => run`node ci/run.mjs compat --short --check`,
};

const began = Date.now();
let passed = 0;
for (const [name, step] of Object.entries(steps)) {
  console.log(chalk.bold(`\n▶ ${name}`));
  try {
    await step();
    passed++;
  } catch (error) {
    // What the step itself printed says more than the exit code of its program.
    if (error.exitCode === undefined) console.error(error);
    console.log(chalk.red(`✗ ${name}`));
    break;
  }
}
const left = Object.keys(steps).length - passed;
const failed = Math.min(left, 1);
console.log(`\n${Math.round((Date.now() - began) / 1000)} s`);
console.log(`${passed} passed, ${failed} failed, ${left - failed} skipped`);
process.exitCode = failed;
