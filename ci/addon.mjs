// Builds the addon, and that of the tests.
import { existsSync } from "node:fs";
import { $, chalk, fs, glob, path } from "zx";
import { buildWhenDue } from "./inputs.mjs";
import { fixturesDir, root } from "./paths.mjs";

/** Leaves out the services in Rust. */
export const WITHOUT_SERVICES = ["--no-default-features"];

const crate = path.join(root, "crates", "ffi");

/** The target triple of this machine. */
export async function hostTriple() {
  const { stdout } = await $({ quiet: true })`rustc -vV`;
  return /^host: (.+)$/m.exec(stdout)[1];
}

/** Builds an addon into a folder unless it is up to date there; returns its file. */
async function build(
  name,
  outputDir,
  args,
  { targetDir = path.join(root, "target"), env = {} } = {},
) {
  return buildWhenDue(name, { args, env }, async () => {
    const target = await hostTriple();
    const made = path.join(targetDir, target, "release");
    if (!existsSync(path.join(made, "deps"))) {
      console.log(
        chalk.yellow("The Rust core is built for the first time: about 5 minutes on 2 cores."),
      );
    }
    await fs.ensureDir(outputDir);
    const napi = path.join(root, "node_modules", ".bin", "napi");
    await $({
      cwd: crate,
      stdio: "inherit",
      env: { ...process.env, ...env },
    })`${napi} build --platform --release --dts native.d.ts --target ${target} --target-dir ${targetDir} --no-js --output-dir ${outputDir} ${args}`;
    const [addon] = await glob("*.node", { cwd: outputDir, absolute: true });
    const [read] = await glob("*runar_js_ffi.d", { cwd: made, absolute: true });
    return { made: addon, read };
  });
}

/** The addon as users get it, but for the optimisation of a release: quick to build. */
export async function buildAddon({ withoutServices = false } = {}) {
  return build("addon", crate, withoutServices ? WITHOUT_SERVICES : []);
}

/** The addon with the test fixtures; returns its file. */
export async function buildFixtureAddon() {
  return build("fixtures", fixturesDir, ["--features", "test-fixtures"]);
}

/**
 * The addon of the tests with AddressSanitizer, which finds leaks too; returns its file. The compiler
 * has it behind a flag that only this variable opens outside of a nightly version.
 */
export async function buildInstrumentedAddon() {
  const targetDir = path.join(root, "target", "address");
  const env = {
    RUSTC_BOOTSTRAP: "1",
    RUSTFLAGS: "-Zsanitizer=address -Cforce-frame-pointers=yes -Cdebuginfo=1",
    CARGO_PROFILE_RELEASE_STRIP: "none",
  };
  const args = ["--features", "test-fixtures"];
  return build("address", path.join(targetDir, "addon"), args, { targetDir, env });
}
