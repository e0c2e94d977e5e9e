// Makes a million calls, publishes and values of Rust, ten thousand nodes and two thousand connections,
// and fails when memory is lost; starts two nodes two hundred times, and fails when they do not meet.
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
};
/** With fewer, what a process grows by as it warms up passes for a leak. */
const fewest = {
  calls: 750_000,
  publishes: 750_000,
  values: 750_000,
  cycles: 1_000,
  connects: 1_000,
  pairs: 1,
};

const { _: unknown, ...counts } = { ...defaults, ...minimist(process.argv.slice(3)) };
const valid =
  unknown.length === 0 &&
  Object.entries(counts).every(([name, count]) => Number.isInteger(count) && count >= fewest[name]);

if (valid) {
  await compileTypeScript();
  const env = { ...process.env, RUNAR_TS_FFI_PATH: await buildFixtureAddon() };
  const program = path.join(root, "bench", "soak.mjs");
  const run = $({ env, stdio: "inherit", nothrow: true });
  const args = Object.entries(counts).flatMap(([name, count]) => [`--${name}`, count]);
  const { exitCode } = await run`${process.execPath} ${program} ${args}`;
  process.exitCode = exitCode ?? 1;
} else {
  const named = (counts) =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ");
  const options = Object.keys(defaults).map((name) => `[--${name} N]`);
  console.error(
    `usage: npm run soak -- ${options.join(" ")}\nat least ${named(fewest)}; by default ${named(defaults)}`,
  );
  process.exitCode = 2;
}
