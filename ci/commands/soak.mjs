// Makes a million calls and ten thousand nodes, and fails when memory is lost.
import { $, minimist, path } from "zx";
import { buildFixtureAddon } from "../addon.mjs";
import { root } from "../paths.mjs";
import { compileTypeScript } from "../typescript.mjs";

const defaults = { calls: 1_000_000, cycles: 10_000 };
/** With fewer, what a process grows by as it warms up passes for a leak. */
const fewest = { calls: 750_000, cycles: 1_000 };

const { _: unknown, ...counts } = { ...defaults, ...minimist(process.argv.slice(3)) };
const valid =
  unknown.length === 0 &&
  Object.entries(counts).every(([name, count]) => Number.isInteger(count) && count >= fewest[name]);

if (valid) {
  await compileTypeScript();
  const env = { ...process.env, RUNAR_TS_FFI_PATH: await buildFixtureAddon() };
  const program = path.join(root, "bench", "soak.mjs");
  const run = $({ env, stdio: "inherit", nothrow: true });
  const { exitCode } =
    await run`${process.execPath} ${program} --calls ${counts.calls} --cycles ${counts.cycles}`;
  process.exitCode = exitCode ?? 1;
} else {
  console.error(
    `usage: npm run soak -- [--calls N] [--cycles N]\nat least ${fewest.calls} calls and ${fewest.cycles} cycles; ${defaults.calls} and ${defaults.cycles} by default`,
  );
  process.exitCode = 2;
}
