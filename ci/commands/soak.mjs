// Makes a million calls, publishes and values of Rust, ten thousand nodes and two thousand connections,
// and fails when memory is lost; starts two nodes two hundred times, and fails when they do not meet;
// calls two nodes for ten minutes, and fails when they count other calls than their caller does. `load`
// does the last alone.
import { $, path } from "zx";
import { buildFixtureAddon } from "../addon.mjs";
import { readKnown, readOptions, runCommand, UsageError } from "../options.mjs";
import { root } from "../paths.mjs";
import { compileTypeScript } from "../typescript.mjs";

const defaults = {
  calls: 1_000_000,
  publishes: 1_000_000,
  values: 1_000_000,
  cycles: 10_000,
  connects: 2_000,
  pairs: 200,
  minutes: 10,
};
/** With fewer, what a process grows by as it warms up passes for a leak. */
const fewest = {
  calls: 750_000,
  publishes: 750_000,
  values: 750_000,
  cycles: 1_000,
  connects: 1_000,
  pairs: 1,
  minutes: 2,
};

const listed = (counts) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
const options = Object.keys(defaults).map((name) => `[--${name} N]`);
const USAGE = `usage: npm run soak -- [load] ${options.join(" ")}
at least ${listed(fewest)}; by default ${listed(defaults)}`;

await runCommand(USAGE, async () => {
  const { named, ...counts } = readOptions({ counts: Object.keys(defaults), defaults, most: 1 });
  const loadAlone = named.map((name) => readKnown(name, ["load"])).length > 0;
  const short = Object.keys(counts).find((name) => counts[name] < fewest[name]);
  if (short !== undefined) throw new UsageError(`--${short}: at least ${fewest[short]}`);
  await compileTypeScript();
  const env = { ...process.env, RUNAR_TS_FFI_PATH: await buildFixtureAddon() };
  const passes = async (program, args) => {
    const file = path.join(root, "bench", program);
    const run = $({ env, stdio: "inherit", nothrow: true });
    const { exitCode } = await run`${process.execPath} --expose-gc ${file} ${args}`;
    return exitCode === 0;
  };
  const { minutes, ...rest } = counts;
  const args = Object.entries(rest).flatMap(([name, count]) => [`--${name}`, count]);
  const memory = loadAlone || (await passes("soak.mjs", args));
  const load = await passes("soak-load.mjs", [minutes]);
  return memory && load;
});
