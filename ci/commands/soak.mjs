// Makes a million calls, publishes and values of Rust, ten thousand nodes and two thousand connections,
// and fails when memory is lost; starts two nodes two hundred times, and fails when they do not meet;
// calls two nodes for ten minutes, and fails when they count other calls than their caller does. `load`
// does the last alone.
import { $, minimist, path } from "zx";
import { buildFixtureAddon } from "../addon.mjs";
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

const { _: parts, ...counts } = { ...defaults, ...minimist(process.argv.slice(3)) };
const valid =
  parts.every((part) => part === "load") &&
  Object.entries(counts).every(([name, count]) => Number.isInteger(count) && count >= fewest[name]);

if (valid) {
  await compileTypeScript();
  const env = { ...process.env, RUNAR_TS_FFI_PATH: await buildFixtureAddon() };
  const run = async (program, args) => {
    const file = path.join(root, "bench", program);
    const { exitCode } = await $({
      env,
      stdio: "inherit",
      nothrow: true,
    })`${process.execPath} --expose-gc ${file} ${args}`;
    if (exitCode !== 0) process.exitCode = exitCode ?? 1;
  };
  const { minutes, ...rest } = counts;
  if (parts.length === 0) {
    await run(
      "soak.mjs",
      Object.entries(rest).flatMap(([name, count]) => [`--${name}`, count]),
    );
  }
  await run("soak-load.mjs", [minutes]);
} else {
  const named = (counts) =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ");
  const options = Object.keys(defaults).map((name) => `[--${name} N]`);
  console.error(
    `usage: npm run soak -- [load] ${options.join(" ")}\nat least ${named(fewest)}; by default ${named(defaults)}`,
  );
  process.exitCode = 2;
}
