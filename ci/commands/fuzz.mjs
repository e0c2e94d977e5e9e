// Throws arbitrary bytes at what reads the messages of peers, for five minutes each or as long as `--seconds`
// says: at the decoders, and at a node that is a member of a network. It needs cargo-fuzz and, for the address
// sanitizer, a nightly toolchain. What it finds is kept in crates/ffi/fuzz/artifacts.
import { $, argv, path } from "zx";
import { root } from "../paths.mjs";

const TARGETS = ["decode", "receive"];

const { _: named, seconds = 300 } = argv;
const chosen = named.slice(1);
const run = $({
  cwd: path.join(root, "crates", "ffi"),
  stdio: "inherit",
  env: { ...process.env, RUSTUP_TOOLCHAIN: "nightly" },
});
const folder = path.join(root, "target", "fuzz");
for (const target of chosen.length > 0 ? chosen : TARGETS) {
  await run`cargo fuzz run --target-dir ${folder} ${target} -- -max_total_time=${seconds}`;
}
