import { $, path } from "zx";
import { buildAddon } from "./addon.mjs";
import { root } from "./paths.mjs";

/**
 * Compiles the SDK and the examples, after the addon: its build writes the types of its exports. Both
 * compilers know themselves what is up to date.
 */
export async function compileTypeScript(addon) {
  await buildAddon(addon);
  await $({ cwd: root, stdio: "inherit" })`${path.join(root, "node_modules/.bin/tsc")} --build`;
}
