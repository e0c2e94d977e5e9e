// Builds the Rust application that nodes of the SDK meet.
import { $, path } from "zx";
import { hostTriple } from "./addon.mjs";
import { root } from "./paths.mjs";

/** Cargo itself knows what is up to date; returns the program. */
export async function buildTestPeer() {
  const target = await hostTriple();
  await $({
    cwd: root,
    stdio: "inherit",
  })`cargo build --release --package runar-test-peer --target ${target}`;
  const name = process.platform === "win32" ? "runar-test-peer.exe" : "runar-test-peer";
  return path.join(root, "target", target, "release", name);
}
