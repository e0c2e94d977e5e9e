// Throws arbitrary bytes at what reads the messages of peers: at the decoders, and at a node that is a member
// of a network. What it finds is kept in crates/ffi/fuzz/artifacts.
import { $, path } from "zx";
import { readKnown, readOptions, runCommand } from "../options.mjs";
import { root } from "../paths.mjs";

const TARGETS = ["decode", "receive"];
const FIVE_MINUTES = 300;

const USAGE = `usage: npm run fuzz -- [${TARGETS.join(" | ")}] [--seconds N]

  --seconds N   for so long each, instead of five minutes

Needs cargo-fuzz (cargo install cargo-fuzz) and, for the address sanitizer, a nightly toolchain
(rustup toolchain install nightly).`;

await runCommand(USAGE, async () => {
  const { named, seconds = FIVE_MINUTES } = readOptions({
    counts: ["seconds"],
    most: 1,
  });
  const chosen = named.length > 0 ? named.map((name) => readKnown(name, TARGETS)) : TARGETS;
  const run = $({
    cwd: path.join(root, "crates", "ffi"),
    stdio: "inherit",
    nothrow: true,
    env: { ...process.env, RUSTUP_TOOLCHAIN: "nightly" },
  });
  const folder = path.join(root, "target", "fuzz");
  for (const target of chosen) {
    const fuzzing =
      await run`cargo fuzz run --target-dir ${folder} ${target} -- -max_total_time=${seconds}`;
    if (fuzzing.exitCode !== 0) return false;
  }
  return true;
});
