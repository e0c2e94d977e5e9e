// What holds of the queue of log records whoever comes first: every interleaving that a model checker
// finds, and eight producers at full speed. With --miri, an interpreter looks for undefined behaviour
// in all tests of the crate as well; it needs a nightly toolchain with the component miri.
import { $ } from "zx";
import { hostTriple } from "../addon.mjs";
import { readOptions, runCommand } from "../options.mjs";
import { root } from "../paths.mjs";

const crate = ["-p", "runar-logging-bridge"];
const run = (env) => $({ cwd: root, stdio: "inherit", env: { ...process.env, ...env } });

await runCommand("usage: npm run test:queue -- [--miri]", async () => {
  const { miri } = readOptions({ flags: ["miri"] });
  await run({
    RUSTFLAGS: "--cfg loom",
  })`cargo test ${crate} --release --target-dir target/loom --test loom`;
  await run({})`cargo test ${crate} --release --target ${await hostTriple()} --test stress`;
  if (miri) {
    // The tests ask for the time, and for the number of the process.
    const env = { RUSTUP_TOOLCHAIN: "nightly", MIRIFLAGS: "-Zmiri-disable-isolation" };
    await run(env)`cargo miri test ${crate} --target-dir target/miri`;
  }
  return true;
});
