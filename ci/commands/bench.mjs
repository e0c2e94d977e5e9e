// Measures speed and size: all suites, or those named. `--quick` takes the addon of the tests, which
// builds in a fraction of the time and is slower. `--publish` writes the results where the page about
// benchmarks has its charts from.
import { $, chalk, fs, path } from "zx";
import { buildFixtureAddon, WITHOUT_SERVICES } from "../addon.mjs";
import { installDependencies } from "../dependencies.mjs";
import { installNatsServer } from "../nats-server.mjs";
import { readKnown, readOptions, runCommand } from "../options.mjs";
import { installedProject } from "../packages.mjs";
import { root } from "../paths.mjs";
import { buildForTarget } from "../release/cross.mjs";
import { hostTarget } from "../release/targets.mjs";
import { installRuntime } from "../runtimes.mjs";
import { buildTestPeer } from "../test-peer.mjs";
import { compileTypeScript } from "../typescript.mjs";

/** The oldest that moleculer 0.15 supports, and the one to get where Node is older. */
const OLDEST_NODE = 22;
const NODE = "22.23.3";

/** Suites that take the addon as it is published. */
const WITHOUT_FIXTURES = ["size", "startup"];

const suites = (await fs.readdir(path.join(root, "bench", "suites"))).map(
  (file) => path.parse(file).name,
);

/** An addon as it is published, but for its features. */
async function buildOptimised(name, features) {
  const folder = path.join(root, "target", "bench", name);
  return buildForTarget(await hostTarget(), { features, folder });
}

async function nodeForMoleculer() {
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) return process.execPath;
  console.log(`moleculer 0.15 needs Node ${OLDEST_NODE}: measuring on Node ${NODE}.`);
  return installRuntime("node", NODE);
}

async function bench({ quick, publish, chosen }) {
  const measured = quick ? chosen.filter((name) => name !== "size") : chosen;
  if (measured.length < chosen.length) {
    console.log(chalk.yellow("size is left out: only that of the optimised addon means anything."));
  }
  if (measured.length === 0) return;

  const args = ["--profile", quick ? "release, not optimised as a whole (--quick)" : "dist"];
  args.push("--command", `npm run bench --${quick ? " --quick" : ""}`);
  if (publish) args.push("--publish");
  if (measured.includes("remote")) args.push("--nats-server", await installNatsServer());
  installDependencies(path.join(root, "bench"));
  await compileTypeScript();
  const needsFixtures = measured.some((name) => !WITHOUT_FIXTURES.includes(name));
  const env = { ...process.env };
  if (quick) env.RUNAR_TS_FFI_PATH = await buildFixtureAddon();
  else if (needsFixtures)
    env.RUNAR_TS_FFI_PATH = await buildOptimised("fixtures", ["--features", "test-fixtures"]);
  const needsPublished = !quick && measured.some((name) => WITHOUT_FIXTURES.includes(name));
  const published = needsPublished ? await buildOptimised("published") : env.RUNAR_TS_FFI_PATH;
  if (measured.includes("size")) {
    args.push("--published-addon", published);
    args.push("--small-addon", await buildOptimised("small", WITHOUT_SERVICES));
  }
  if (measured.includes("startup"))
    args.push("--installed-project", await installedProject(published, "bench-installed"));
  if (["network", "remote"].some((name) => measured.includes(name)))
    args.push("--test-peer", await buildTestPeer());

  const node = await nodeForMoleculer();
  const program = path.join(root, "bench", "main.mjs");
  if (quick) {
    console.log(chalk.yellow("These are figures of an unoptimised build; a release is faster."));
  }
  await $({ env, stdio: "inherit" })`${node} --expose-gc ${program} ${args} ${measured}`;
}

const USAGE = `usage: npm run bench -- [--quick] [--publish] [suite …]
suites: ${suites.join(", ")}`;

await runCommand(USAGE, async () => {
  const { quick, publish, named } = readOptions({
    flags: ["quick", "publish"],
    most: suites.length,
  });
  const chosen = named.length > 0 ? named.map((name) => readKnown(name, suites)) : suites;
  await bench({ quick, publish, chosen });
  return true;
});
