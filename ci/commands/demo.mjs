// Builds what is not built, and runs an example: the math-service, or the one that is named.
import { $, path } from "zx";
import { demos, examplesDir } from "../examples.mjs";
import { buildTestPeer } from "../test-peer.mjs";
import { compileTypeScript } from "../typescript.mjs";

const examples = await demos();
/** The example that meets an application in Rust. */
const WITH_RUST = "rust-and-ts";
const [name = "math-service", ...rest] = process.argv.slice(3);

if (examples.includes(name) && rest.length === 0) {
  await compileTypeScript();
  const env = { ...process.env };
  if (name === WITH_RUST) env.RUNAR_TEST_PEER = await buildTestPeer();
  console.log();
  const program = name === "bun" ? "bun" : "node";
  await $({ cwd: path.join(examplesDir, name), stdio: "inherit", env })`${program} dist/main.js`;
} else {
  console.error(`usage: npm run demo -- [example]\nexamples: ${examples.join(", ")}`);
  process.exitCode = 2;
}
