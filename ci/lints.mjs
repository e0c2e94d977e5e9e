// Formatting, lints and the structure of the source.
import { $, path } from "zx";
import { hostTriple } from "./addon.mjs";
import { root } from "./paths.mjs";
import { checkStructure } from "./structure/tree.mjs";

const run = $({ cwd: root, stdio: "inherit" });

/** What is found without compiling. */
export async function checkSource() {
  await checkStructure();
  await run`cargo fmt --all --check`;
  const biome = path.join(root, "node_modules", ".bin", "biome");
  await run`${biome} check --error-on-warnings .`;
}

/** What the compiler and clippy find in the Rust code: with all features, and without any. */
export async function checkRust() {
  const target = ["--release", "--target", await hostTriple()];
  await run`cargo clippy --workspace --all-targets --features runar-js-ffi/test-fixtures ${target} -- -D warnings`;
  await run`cargo clippy -p runar-js-ffi --no-default-features ${target} -- -D warnings`;
}
