import { $, fs, path } from "zx";
import { buildAddon } from "./addon.mjs";
import { root } from "./paths.mjs";

/** The types of the addon's exports, which its build writes. */
const types = path.join(root, "crates", "ffi", "native.d.ts");

const compile = () =>
  $({ cwd: root, stdio: "inherit" })`${path.join(root, "node_modules/.bin/tsc")} --build`;

/**
 * Compiles the SDK and the examples, after the addon: its build writes the types of its exports. Both
 * compilers know themselves what is up to date.
 */
export async function compileTypeScript(addon) {
  await buildAddon(addon);
  await compile();
}

/** The same for those who bring an addon: none is built where the types of one are there. */
export async function compileForAddon() {
  if (!(await fs.pathExists(types))) await buildAddon();
  await compile();
}
