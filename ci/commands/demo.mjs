// Builds what is not built, and runs an example: the math-service, or the one that is named.
import { $, fs, path } from "zx";
import { demos, examplesDir, runsOn } from "../examples.mjs";
import { readKnown, readOptions, runCommand } from "../options.mjs";
import { installRuntime, shortRuntimesHere } from "../runtimes.mjs";
import { buildTestPeer } from "../test-peer.mjs";
import { compileTypeScript } from "../typescript.mjs";

/** The example that meets an application in Rust. */
const WITH_RUST = "rust-and-ts";
const examples = await demos();

/** This Node, or the newest runtime of the examples for one that is not for Node. */
async function programFor(manifest) {
  const here = { kind: "node", version: process.versions.node };
  if (runsOn(manifest, here)) return process.execPath;
  const { kind, version } = shortRuntimesHere.findLast((runtime) => runsOn(manifest, runtime));
  return installRuntime(kind, version);
}

const USAGE = `usage: npm run demo -- [example]\nexamples: ${examples.join(", ")}`;

await runCommand(USAGE, async () => {
  const { named } = readOptions({ most: 1 });
  const name = readKnown(named[0] ?? "math-service", examples);
  await compileTypeScript();
  const env = { ...process.env };
  if (name === WITH_RUST) env.RUNAR_TEST_PEER = await buildTestPeer();
  const cwd = path.join(examplesDir, name);
  const program = await programFor(await fs.readJson(path.join(cwd, "package.json")));
  console.log();
  await $({ cwd, stdio: "inherit", env })`${program} dist/main.js`;
  return true;
});
