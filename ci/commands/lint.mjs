// Formatting and lints of both languages; nothing is changed.
import { $ } from "zx";
import { hostTriple } from "../addon.mjs";
import { root } from "../paths.mjs";

const run = $({ cwd: root, stdio: "inherit" });
await run`cargo fmt --all --check`;
await run`npx biome check --error-on-warnings .`;
const target = ["--release", "--target", await hostTriple()];
await run`cargo clippy --workspace --all-targets --features runar-js-ffi/test-fixtures ${target} -- -D warnings`;
await run`cargo clippy -p runar-js-ffi --no-default-features ${target} -- -D warnings`;
