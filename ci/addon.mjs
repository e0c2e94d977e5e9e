// Builds the addon. Cargo itself knows what is up to date.
import { existsSync } from "node:fs";
import { $, chalk, path } from "zx";
import { fixturesDir, root } from "./paths.mjs";

/** Leaves out the services in Rust. */
export const WITHOUT_SERVICES = ["--no-default-features"];

const crate = path.join(root, "crates", "ffi");

/** The target triple of this machine. */
export async function hostTriple() {
  const { stdout } = await $({ quiet: true })`rustc -vV`;
  return /^host: (.+)$/m.exec(stdout)[1];
}

async function napiBuild(outputDir, args, { targetDir = path.join(root, "target"), env } = {}) {
  const target = await hostTriple();
  if (!existsSync(path.join(targetDir, target, "release", "deps"))) {
    console.log(
      chalk.yellow("The Rust core is built for the first time: about 5 minutes on 2 cores."),
    );
  }
  const napi = path.join(root, "node_modules", ".bin", "napi");
  await $({
    cwd: crate,
    stdio: "inherit",
    env: { ...process.env, ...env },
  })`${napi} build --platform --target ${target} --target-dir ${targetDir} --no-js --output-dir ${outputDir} ${args}`;
}

/** The addon as users get it, but for the optimisation of a release: quick to build. */
export async function buildAddon({ withoutServices = false } = {}) {
  const features = withoutServices ? WITHOUT_SERVICES : [];
  await napiBuild(crate, ["--release", "--dts", "native.d.ts", ...features]);
}

/** The addon with the test fixtures; returns its file. */
export async function buildFixtureAddon() {
  return buildInto(fixturesDir, ["--release", "--features", "test-fixtures"]);
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
  const args = ["--release", "--features", "test-fixtures"];
  return buildInto(path.join(targetDir, "addon"), args, { targetDir, env });
}

async function buildInto(outputDir, args, options) {
  await $`mkdir -p ${outputDir}`.quiet();
  await napiBuild(outputDir, [...args, "--dts", "native.d.ts"], options);
  const { stdout } = await $({ quiet: true, cwd: outputDir })`ls`;
  const file = stdout.split("\n").find((name) => name.endsWith(".node"));
  return path.join(outputDir, file);
}
