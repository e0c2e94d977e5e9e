// Builds the Rust application that nodes of the SDK meet.
import { $, path } from "zx";
import { hostTriple } from "./addon.mjs";
import { root } from "./paths.mjs";

/**
 * Returns the program. With the features of the whole workspace its dependencies are those that the
 * addon of the tests has, built once for both. Cargo itself knows what is up to date.
 */
export async function buildTestPeer() {
  const target = await hostTriple();
  const features = ["--workspace", "--features", "runar-js-ffi/test-fixtures"];
  await $({
    cwd: root,
    stdio: "inherit",
  })`cargo build --release --bin runar-test-peer ${features} --target ${target}`;
  const name = process.platform === "win32" ? "runar-test-peer.exe" : "runar-test-peer";
  return path.join(root, "target", target, "release", name);
}
