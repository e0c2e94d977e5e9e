// Three processes that find each other, in TypeScript and in Rust: examples/network. `--static` leaves
// out multicast.
import { $, minimist, path } from "zx";
import { root } from "../paths.mjs";
import { buildTestPeer } from "../test-peer.mjs";
import { compileTypeScript } from "../typescript.mjs";

const {
  static: only,
  _: names,
  ...unknown
} = minimist(process.argv.slice(3), { boolean: ["static"] });
if (names.length > 0 || Object.keys(unknown).length > 0) {
  console.error("usage: npm run demo:network -- [--static]");
  process.exitCode = 2;
} else {
  await compileTypeScript();
  const peer = await buildTestPeer();
  const cwd = path.join(root, "examples", "network");
  await $({ cwd, stdio: "inherit" })`node dist/demo.js ${peer} ${only ? ["static"] : []}`;
}
