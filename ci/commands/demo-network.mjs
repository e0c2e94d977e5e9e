// Three processes that find each other, in TypeScript and in Rust: examples/network. `--static` leaves
// out multicast.
import { $, path } from "zx";
import { readOptions, runCommand } from "../options.mjs";
import { root } from "../paths.mjs";
import { buildTestPeer } from "../test-peer.mjs";
import { compileTypeScript } from "../typescript.mjs";

await runCommand("usage: npm run demo:network -- [--static]", async () => {
  const options = readOptions({ flags: ["static"] });
  await compileTypeScript();
  const peer = await buildTestPeer();
  const cwd = path.join(root, "examples", "network");
  const args = options.static ? ["static"] : [];
  await $({ cwd, stdio: "inherit" })`node dist/demo.js ${peer} ${args}`;
  return true;
});
